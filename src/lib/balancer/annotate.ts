import { Document, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import { originOf, resolved } from './resolved.ts';
import type { Balancer } from './schema/balancer.ts';
import type { Path } from './source.ts';

const REMARKS = { default: ' default', route: ' from the route' } as const;

/** The resolved balancer as an lb.yaml in its long form; values that were not written carry a remark. */
export function annotatedYaml(balancer: Balancer, data: unknown): string {
  const document = new Document(JSON.parse(JSON.stringify(resolved(balancer))));
  annotate(document.contents as Node, [], data);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Places of all values that lb.yaml does not hold itself, in the notation of `jq`. */
export function defaultPlaces(balancer: Balancer, data: unknown): string[] {
  const places: string[] = [];
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value))
        walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    } else if (value !== undefined && originOf(data, path, value) !== 'given') {
      places.push(
        path
          .map((key) =>
            typeof key === 'number'
              ? `[${key}]`
              : /^\w+$/u.test(key)
                ? `.${key}`
                : `[${JSON.stringify(key)}]`,
          )
          .join(''),
      );
    }
  };
  walk(resolved(balancer), []);
  return places;
}

function annotate(node: Node, path: Path, data: unknown): void {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (isPair(pair) && isScalar(pair.key))
        annotate(pair.value as Node, [...path, String(pair.key.value)], data);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) annotate(item as Node, [...path, index], data);
  } else if (isScalar(node)) {
    const origin = originOf(data, path, node.value);
    if (origin !== 'given') node.comment = REMARKS[origin];
  }
}
