import { BALANCER_TAG } from '../aws/lightsail/tags.ts';
import type { FoundServer } from '../balancer/found.ts';
import type { Discover } from '../balancer/schema/balancer.ts';
import type { Answer, Question } from './source.ts';

export type LightsailQuery = NonNullable<Discover['lightsail']>;

/** What is looked at of an instance. */
interface Candidate {
  readonly name: string;
  /** As Lightsail has it, such as `running` or `stopped`. */
  readonly state: string;
  readonly privateAddress: string | null;
  readonly publicAddress: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Names shown where none fits. */
const SHOWN = 8;

/** Which instances of a Region are servers of an upstream, by their names in the order of the characters. */
export function selectInstances<Instance extends Candidate>(
  instances: readonly Instance[],
  { query, port, balancer, upstream }: Question<LightsailQuery>,
  region: string,
): Answer & { readonly instances: readonly Instance[] } {
  const fits = matcher(query);
  const matching = instances.filter(fits).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const others = matching.filter(({ tags }) => tags[BALANCER_TAG] !== balancer);
  const running = others.filter(({ state }) => state === 'running');
  const key = query.address === 'private' ? 'privateAddress' : 'publicAddress';
  const found = running.flatMap((instance) => {
    const host = instance[key];
    return host === null ? [] : [{ instance, server: serverOf(instance.name, host, port, region) }];
  });
  const out = (name: string, why: string): string => `${name} ${why}, and is left out of ${upstream}`;
  return {
    servers: found.map(({ server }) => server),
    instances: found.map(({ instance }) => instance),
    remarks: [
      ...matching
        .filter((instance) => !others.includes(instance))
        .map(({ name }) => out(name, 'runs this balancer')),
      ...others.filter(({ state }) => state !== 'running').map(({ name, state }) => out(name, `is ${state}`)),
      ...running
        .filter((instance) => instance[key] === null)
        .map(({ name }) => out(name, `has no ${query.address} address`)),
    ],
    ...(found.length > 0 ? {} : { none: nothing(instances, others, query, region) }),
  };
}

/** Whether an instance is meant. */
export function matcher({
  name,
  tag,
}: LightsailQuery): (instance: Pick<Candidate, 'name' | 'tags'>) => boolean {
  const isCalled = pattern(name ?? '*');
  return (instance) => {
    if (!isCalled(instance.name)) return false;
    if (!tag) return true;
    const value = Object.hasOwn(instance.tags, tag.key) ? instance.tags[tag.key] : undefined;
    return value !== undefined && (tag.value === undefined || value === tag.value);
  };
}

/** Whether a text is like a pattern in which `*` stands for anything; in linear time, whatever the pattern. */
function pattern(text: string): (name: string) => boolean {
  const [first = '', ...parts] = text.split('*');
  const last = parts.pop();
  if (last === undefined) return (name) => name === first;
  return (name) => {
    let at = first.length;
    const end = name.length - last.length;
    if (!name.startsWith(first) || !name.endsWith(last)) return false;
    for (const part of parts) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= end;
  };
}

function serverOf(name: string, host: string, port: number, region: string): FoundServer {
  return { address: `${host}:${port}`, name, source: `Lightsail ${region}` };
}

function nothing(
  instances: readonly Candidate[],
  matching: readonly Candidate[],
  query: LightsailQuery,
  region: string,
): NonNullable<Answer['none']> {
  const [first] = matching;
  const message = `no instance that runs in ${region} ${wordsFor(query)}`;
  if (first && first.state !== 'running')
    return {
      message,
      hint: `${first.name} is ${first.state}: aws lightsail start-instance --region ${region} --instance-name ${first.name}`,
    };
  if (first) return { message, hint: `${first.name} does, but has no ${query.address} address` };
  const names = instances.map((instance) => instance.name).toSorted();
  if (names.length === 0)
    return { message, hint: `there is no instance in ${region} at all: discover may name another region` };
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return { message, hint: `there: ${names.slice(0, SHOWN).join(', ')}${more}` };
}

/** `is called web-* and has the tag role=web`. */
function wordsFor({ name, tag }: LightsailQuery): string {
  const words = [
    ...(name === undefined ? [] : [`is called ${name}`]),
    ...(tag ? [`has the tag ${tag.key}${tag.value === undefined ? '' : `=${tag.value}`}`] : []),
  ];
  return words.join(' and ');
}
