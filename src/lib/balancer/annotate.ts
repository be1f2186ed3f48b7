import { originOf, resolved } from './resolved.ts';
import type { Balancer } from './schema/balancer.ts';
import type { Path } from './place.ts';

const REMARKS = { given: '', default: ' # default', route: ' # from the route' } as const;

/** The resolved balancer as an lb.yaml in its long form; values that were not written carry a remark. */
export function annotatedYaml(balancer: Balancer, data: unknown): string {
  return `${mapping(resolved(balancer), [], data, '').join('\n')}\n`;
}

/** Places of all values that lb.yaml does not hold itself, in the notation of `jq`. */
export function defaultPlaces(balancer: Balancer, data: unknown): string[] {
  const places: string[] = [];
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value))
        walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    } else if (value !== undefined && originOf(data, path, value) !== 'given') {
      places.push(path.map(jqStep).join(''));
    }
  };
  walk(resolved(balancer), []);
  return places;
}

function jqStep(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[A-Za-z_]\w*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function mapping(value: object, path: Path, data: unknown, indent: string): string[] {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .flatMap(([key, inner]) => entry(`${scalar(key)}:`, inner, [...path, key], data, indent));
}

function entry(head: string, value: unknown, path: Path, data: unknown, indent: string): string[] {
  if (typeof value !== 'object' || value === null) {
    return [`${indent}${head} ${scalar(value)}${REMARKS[originOf(data, path, value)]}`];
  }
  const inner = `${indent}  `;
  if (Object.keys(value).length === 0) return [`${indent}${head} ${Array.isArray(value) ? '[]' : '{}'}`];
  if (!Array.isArray(value)) return [`${indent}${head}`, ...mapping(value, path, data, inner)];
  return [
    `${indent}${head}`,
    ...value.flatMap((item, index) => listItem(item, [...path, index], data, inner)),
  ];
}

function listItem(item: unknown, path: Path, data: unknown, indent: string): string[] {
  if (typeof item !== 'object' || item === null) return entry('-', item, path, data, indent);
  const [first = '', ...rest] = mapping(item, path, data, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

/** Plain where YAML reads the same back, else as a JSON string, which is YAML too. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const plain = /^[A-Za-z0-9_./$^(][A-Za-z0-9_./$^()+*?|\\=-]*(?: [A-Za-z0-9_./$^()+*?|\\=-]+)*$/u;
  const reserved = /^(?:true|false|null|yes|no|on|off|[-+.\d][\d_.eE+:xo-]*)$/iu;
  return plain.test(value) && !reserved.test(value) ? value : JSON.stringify(value);
}
