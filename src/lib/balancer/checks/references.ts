import { nearest } from '../../nearest.ts';
import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';
import type { Path } from '../place.ts';

const KINDS = { upstreams: 'upstream', listeners: 'listener', caches: 'cache' } as const;

/** A fault when `name` is not defined under `kind`, with the nearest name that is. */
export function undefinedName(
  balancer: Balancer,
  kind: keyof typeof KINDS,
  name: string,
  path: Path,
): Fault[] {
  const known = Object.keys(balancer[kind]);
  if (known.includes(name)) return [];
  const close = nearest(name, known);
  const listed =
    known.length === 0
      ? `there are no ${kind}`
      : `there ${known.length === 1 ? 'is' : 'are'}: ${known.join(', ')}`;
  return [
    {
      path,
      message: `there is no ${KINDS[kind]} ${JSON.stringify(name)}`,
      hint: close === undefined ? listed : `did you mean ${close}?`,
    },
  ];
}
