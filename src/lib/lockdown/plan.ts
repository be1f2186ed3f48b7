import type { LightsailInstance } from '../aws/lightsail/instances.ts';
import type { PortRule } from '../aws/lightsail/port-rules.ts';
import { UserError } from '../errors.ts';
import { close, type Closed, isOpen, reopen, sameRules, unsplittable } from './closing.ts';
import type { Member, Members } from './members.ts';
import { isTooLong, recall, remember } from './memory.ts';
import type { LockdownStep } from './steps.ts';
import { closedInWords, ruleInWords } from './words.ts';

/** Steps, and what else is to be known. */
export interface Planned {
  readonly steps: readonly LockdownStep[];
  readonly remarks: readonly string[];
}

/**
 * Closes the ports of a pool to the world; instances whose ports are closed have none.
 * @param tag in which is remembered what was open.
 * @throws UserError `failed` where that would cut the balancer off, or cannot be done to one of them.
 */
export function planClosing({ members, remarks, outside }: Members, tag: string): Planned {
  if (outside.length > 0)
    throw new UserError(
      'failed',
      'reached-from-outside',
      `the balancer itself reaches its servers by public addresses: upstream ${outside.join('; ')}`,
      {
        hint: 'use their private addresses in lb.yaml, bring that up with lbctl deploy, and close them then',
      },
    );
  return { steps: members.flatMap((member) => closing(member, tag)), remarks };
}

function closing({ instance, upstreams, ports }: Member, tag: string): LockdownStep[] {
  const { name, region, rules, tags, publicAddress } = instance;
  const [whole] = unsplittable(rules);
  if (whole)
    throw new UserError(
      'failed',
      'all-protocols',
      `${name} lets in ${ruleInWords(whole)}, out of which no port can be taken`,
      {
        hint: `give it rules for what it needs, port 22 first, at https://lightsail.aws.amazon.com/ls/webapp/${region}/instances/${name}/networking`,
      },
    );
  const { rules: after, closed } = close(rules, ports);
  if (closed.length === 0) return [];
  const remembered = tags[tag] ?? null;
  const before = recall(remembered ?? '');
  const memory = remember([...before, ...closed]);
  if (isTooLong(memory))
    throw new UserError(
      'failed',
      'too-much-to-remember',
      `a tag cannot hold all ports of ${name} that are to be closed`,
      {
        hint: 'close some by hand first: what is closed already need not be remembered',
      },
    );
  const again = closed.filter((one) => before.some((other) => isSame(one, other)));
  return [
    {
      kind: 'close',
      action: 'change',
      resource: 'firewall',
      name,
      region,
      publicAddress,
      before: rules,
      after,
      tag,
      memory,
      remembered,
      details: [
        `of ${upstreams.join(', ')}, in ${region}`,
        `closes to the world: ${closedInWords(closed)}`,
        ...(again.length > 0 ? [`opened by somebody since lbctl closed it: ${closedInWords(again)}`] : []),
        staysOpen(after),
      ],
      ...(publicAddress === null
        ? {}
        : { traffic: `who comes to ${publicAddress} past the balancer is let in no longer` }),
    },
  ];
}

function isSame(a: Closed, b: Closed): boolean {
  return a.protocol === b.protocol && a.port === b.port;
}

function staysOpen(rules: readonly PortRule[]): string {
  return rules.length === 0 ? 'nothing stays open' : `stays open: ${rules.map(ruleInWords).join('; ')}`;
}

/** Opens again what was closed, wherever a tag remembers it: also where an instance is no part of the pool any longer. */
export function planOpening(instances: readonly LightsailInstance[], tag: string): Planned {
  const tagged = instances.filter(({ tags }) => tags[tag] !== undefined);
  const unclear = tagged.filter(({ tags }) => recall(tags[tag]!).length === 0);
  return {
    steps: tagged.filter((instance) => !unclear.includes(instance)).map((instance) => opening(instance, tag)),
    remarks: unclear.map(
      ({ name, tags }) =>
        `${name} stays as it is: its tag ${tag} does not tell what was open (${JSON.stringify(tags[tag])})`,
    ),
  };
}

function opening({ name, region, rules, tags, publicAddress }: LightsailInstance, tag: string): LockdownStep {
  const remembered = tags[tag]!;
  const closed = recall(remembered);
  const after = reopen(rules, closed);
  const left = closed.filter((one) => !isOpen(rules, one));
  const apart = left.filter(
    ({ protocol, range }) =>
      range !== null &&
      !after.some((rule) => rule.protocol === protocol && rule.from === range[0] && rule.to === range[1]),
  );
  return {
    kind: 'open',
    action: 'change',
    resource: 'firewall',
    name,
    region,
    publicAddress,
    before: rules,
    after: sameRules(rules, after) ? rules : after,
    tag,
    memory: null,
    remembered,
    details: [
      `in ${region}`,
      left.length > 0
        ? `opens to the world again: ${closedInWords(left)}`
        : 'open to the world already; the tag goes',
      ...apart.map(
        ({ protocol, port, range }) =>
          `somebody has changed rules of ${protocol} ${range!.join('-')} since: ${port} alone is opened`,
      ),
    ],
  };
}
