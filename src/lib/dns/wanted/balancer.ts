import type { Dns } from '../../balancer/schema/balancer.ts';
import type { AnswerWish, NameWish, Wish } from './wanted.ts';

type Name = Omit<Dns['records'][number], 'name'> & Pick<Dns, 'name'>;
type Answer = Exclude<NonNullable<Name['answers']>, string | string[]>[string];
type Health = NonNullable<Name['health']>;

interface Beside {
  /** Name of the balancer. */
  readonly owner: string;
  /** Path that health checks ask for where nothing else is said. */
  readonly healthPath: string;
  /** Addresses by Region, as the provider has them; for Regions that lb.yaml gives none. */
  readonly regions?: Readonly<Record<string, readonly string[]>>;
  readonly authorities?: readonly string[];
}

/** What lb.yaml wishes for. */
export function wishOfBalancer(
  dns: Dns,
  { owner, healthPath, regions = {}, authorities = [] }: Beside,
): Wish {
  const names = [
    { entry: dns, at: ['dns'] },
    ...dns.records.map((entry, index) => ({ entry, at: ['dns', 'records', index] })),
  ];
  const own = Object.entries(dns.regions).map(([region, targets]) => [region, [targets].flat()]);
  return {
    zone: dns.zone,
    isPrivate: dns.private,
    owner,
    names: names
      // what has records of its own need not have answers itself
      .filter(({ entry }) => entry !== dns || entry.answers !== undefined || dns.records.length === 0)
      .map(({ entry, at }) => nameOf(entry, dns.zone, at, healthPath)),
    regions: { ...regions, ...Object.fromEntries(own) },
    mustStay: dns.must_stay,
    authorities,
  };
}

function nameOf(entry: Name, zone: string, at: readonly (string | number)[], healthPath: string): NameWish {
  const { name = zone, policy, ttl, answers, health } = entry;
  const withPath = (given: Health | undefined) =>
    typeof given === 'object' && given.protocol !== 'tcp' ? { path: healthPath, ...given } : given;
  const common = withPath(health);
  const written: readonly [key: string, answer: Answer][] =
    answers === undefined
      ? []
      : typeof answers === 'string' || Array.isArray(answers)
        ? [['', { to: answers }]]
        : Object.entries(answers);
  return {
    name,
    policy,
    ttl,
    health: common === false ? undefined : common,
    at,
    answers: written.map(([key, answer]): AnswerWish => ({
      key,
      to: [answer.to].flat(),
      weight: answer.weight,
      bias: answer.bias,
      networks: answer.networks,
      health: withPath(answer.health),
      at: [...at, 'answers', ...(key === '' ? [] : [key])],
    })),
  };
}
