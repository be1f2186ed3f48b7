import { homeRegion, type Member, membersOf } from '../aws/members.ts';
import type { Discover } from '../balancer/schema/balancer.ts';
import type { Answer, DiscoverySource, Question } from './source.ts';

type Query = NonNullable<Discover['autoscaling_group']>;

/** Instances of Auto Scaling groups: two lists a Region, however many upstreams ask for some of it. */
export const autoscalingGroup: DiscoverySource<Query> = {
  async find(questions) {
    const named = questions.map(({ query, home }) => query.region ?? home);
    const home = named.includes(undefined) ? await homeRegion() : '';
    const asked = questions.map((question, index) => ({ question, region: named[index] ?? home }));
    const regions = [...new Set(asked.map(({ region }) => region))];
    const found = await Promise.all(
      regions.map(async (region) => {
        const groups = asked
          .filter((one) => one.region === region)
          .map(({ question }) => question.query.name);
        return [region, await membersOf([...new Set(groups)], region)] as const;
      }),
    );
    const members = new Map(found);
    return asked.map(({ question, region }) =>
      answerOf(members.get(region)!.get(question.query.name), question, region),
    );
  },
};

/**
 * Which instances of a group are servers of an upstream, by their IDs.
 * @param members undefined where there is no such group.
 */
export function answerOf(
  members: readonly Member[] | undefined,
  { query: { name }, port, upstream }: Question<Query>,
  region: string,
): Answer {
  const all = (members ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const inService = all.filter(({ state }) => state === 'InService');
  const servers = inService.flatMap(({ id, address }) =>
    address === null ? [] : [{ address: `${address}:${port}`, name: id, source: `Auto Scaling ${region}` }],
  );
  const out = (id: string, why: string): string => `${id} of ${name} ${why}, and is left out of ${upstream}`;
  return {
    servers,
    remarks: [
      ...all.filter(({ state }) => state !== 'InService').map(({ id, state }) => out(id, `is ${state}`)),
      ...inService
        .filter(({ address }) => address === null)
        .map(({ id }) => out(id, 'has no private address')),
    ],
    ...(servers.length > 0 ? {} : { none: noneOf(members, name, region) }),
  };
}

function noneOf(
  members: readonly Member[] | undefined,
  name: string,
  region: string,
): NonNullable<Answer['none']> {
  const about = `aws autoscaling describe-auto-scaling-groups --region ${region}`;
  if (!members)
    return {
      message: `there is no Auto Scaling group ${name} in ${region}`,
      hint: `${about} --query 'AutoScalingGroups[].AutoScalingGroupName' tells which there are`,
    };
  const [first] = members;
  return {
    message: `no instance of ${name} in ${region} is in service`,
    hint: first
      ? `${first.id} is ${first.state}: run the command again when it is InService`
      : `it has none: ${about} --auto-scaling-group-names '${name}' tells its size`,
  };
}
