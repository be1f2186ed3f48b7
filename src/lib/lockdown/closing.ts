import type { PortRule } from '../aws/lightsail/port-rules.ts';

/** A port that was open to the world before it was closed. */
export interface Closed {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Ways by which the world came to it. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** The range that it was part of; null where it had a rule to itself. */
  readonly range: readonly [from: number, to: number] | null;
}

const WORLD = '0.0.0.0/0';
const WORLD_V6 = '::/0';

/** Everybody's sources of a rule. */
export function worldOf({ cidrs, ipv6 }: PortRule): { readonly ipv4: boolean; readonly ipv6: boolean } {
  return { ipv4: cidrs.includes(WORLD), ipv6: ipv6.includes(WORLD_V6) };
}

/** Rules that let the world in to ports of every protocol, out of which single ones cannot be taken. */
export function unsplittable(rules: readonly PortRule[]): PortRule[] {
  return rules.filter((rule) => rule.protocol === 'all' && isWorldly(rule));
}

/**
 * Takes ports away from the world, TCP and UDP; all else stays as it is: other ports, and other sources of these. Ranges
 * are split around them.
 */
export function close(
  rules: readonly PortRule[],
  ports: readonly number[],
): { readonly rules: PortRule[]; readonly closed: Closed[] } {
  const closed: Closed[] = [];
  const left = rules.flatMap((rule): PortRule[] => {
    const { protocol, from, to } = rule;
    const hits = ports.filter((port) => from <= port && port <= to).toSorted((a, b) => a - b);
    if ((protocol !== 'tcp' && protocol !== 'udp') || !isWorldly(rule) || hits.length === 0) return [rule];
    const range = from === to ? null : ([from, to] as const);
    for (const port of hits) closed.push({ protocol, port, ...worldOf(rule), range });
    const others = withoutWorld(rule);
    return [
      ...around(rule, hits),
      ...(hasSources(others) ? hits.map((port) => ({ ...others, from: port, to: port })) : []),
    ];
  });
  return closed.length === 0 ? { rules: [...rules], closed } : { rules: united(left), closed };
}

/**
 * Gives ports back to the world. A range that was split is put together again where its parts are as they were left;
 * where somebody has changed them since, the port alone is opened.
 */
export function reopen(rules: readonly PortRule[], closed: readonly Closed[]): PortRule[] {
  let now = united(rules);
  for (const group of groupsOf(closed)) {
    const left = group.filter((one) => !isOpen(now, one));
    if (left.length > 0) now = joined(now, group) ?? united([...now, ...left.map(ruleFor)]);
  }
  return now;
}

/** Whether the world comes to a port as it did. */
export function isOpen(rules: readonly PortRule[], { protocol, port, ipv4, ipv6 }: Closed): boolean {
  const over = rules.filter(
    (rule) => [protocol, 'all'].includes(rule.protocol) && rule.from <= port && port <= rule.to,
  );
  return (
    (!ipv4 || over.some((rule) => worldOf(rule).ipv4)) && (!ipv6 || over.some((rule) => worldOf(rule).ipv6))
  );
}

/**
 * Ports of one range that were closed together, or one port. Of ranges that were split again and again the smallest
 * comes first: it is a part of the next.
 */
function groupsOf(closed: readonly Closed[]): Closed[][] {
  const groups = new Map<string, Closed[]>();
  for (const one of closed) {
    const { protocol, port, range, ipv4, ipv6 } = one;
    const key = JSON.stringify([protocol, range ?? port, ipv4, ipv6]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const size = (group: readonly Closed[]): number => {
    const range = group[0]!.range;
    return range ? range[1] - range[0] : 0;
  };
  return [...groups.values()].toSorted((a, b) => size(a) - size(b));
}

/** The rules with a range in the place of its parts; undefined where they are not as they were left. */
function joined(rules: readonly PortRule[], group: readonly Closed[]): PortRule[] | undefined {
  const [{ protocol, range, ipv4, ipv6 }] = group as [Closed];
  if (range === null) return undefined;
  const whole = { protocol, from: range[0], to: range[1], cidrs: [], ipv6: [], aliases: [] };
  const hits = group.map(({ port }) => port).toSorted((a, b) => a - b);
  const parts = around(whole, hits).map((part) => rules.find((rule) => isAt(rule, part)));
  const [first] = parts;
  if (!first || parts.some((part) => !part || !sameSources(part, first))) return undefined;
  const world = worldOf(first);
  if (world.ipv4 !== ipv4 || world.ipv6 !== ipv6) return undefined;
  const others = withoutWorld(first);
  const kept = hits.map((port) => rules.find((rule) => isAt(rule, { protocol, from: port, to: port })));
  const isLeft = (rule: PortRule | undefined): boolean =>
    rule ? sameSources(rule, others) : !hasSources(others);
  if (!kept.every(isLeft)) return undefined;
  const gone = new Set([...parts, ...kept]);
  return [...rules.filter((rule) => !gone.has(rule)), { ...first, from: range[0], to: range[1] }];
}

function ruleFor({ protocol, port, ipv4, ipv6 }: Closed): PortRule {
  return {
    protocol,
    from: port,
    to: port,
    cidrs: ipv4 ? [WORLD] : [],
    ipv6: ipv6 ? [WORLD_V6] : [],
    aliases: [],
  };
}

/** The stretches of a rule between ports. */
function around(rule: PortRule, ports: readonly number[]): PortRule[] {
  const edges = [rule.from - 1, ...ports, rule.to + 1];
  return edges.slice(1).flatMap((end, index) => {
    const [from, to] = [edges[index]! + 1, end - 1];
    return from <= to ? [{ ...rule, from, to }] : [];
  });
}

/** AWS knows one rule for the same ports: sources of several are put together. */
function united(rules: readonly PortRule[]): PortRule[] {
  const all = new Map<string, PortRule>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.from} ${rule.to}`;
    const same = all.get(key);
    all.set(key, {
      ...rule,
      cidrs: distinct([...(same?.cidrs ?? []), ...rule.cidrs]),
      ipv6: distinct([...(same?.ipv6 ?? []), ...rule.ipv6]),
      aliases: distinct([...(same?.aliases ?? []), ...rule.aliases]),
    });
  }
  return [...all.values()];
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].toSorted();
}

function isWorldly(rule: PortRule): boolean {
  const { ipv4, ipv6 } = worldOf(rule);
  return ipv4 || ipv6;
}

/** A rule with its other sources. */
export function withoutWorld(rule: PortRule): PortRule {
  return {
    ...rule,
    cidrs: rule.cidrs.filter((cidr) => cidr !== WORLD),
    ipv6: rule.ipv6.filter((cidr) => cidr !== WORLD_V6),
  };
}

/** Whether anybody is let in. */
export function hasSources({ cidrs, ipv6, aliases }: PortRule): boolean {
  return cidrs.length + ipv6.length + aliases.length > 0;
}

function isAt(rule: PortRule, { protocol, from, to }: Pick<PortRule, 'protocol' | 'from' | 'to'>): boolean {
  return rule.protocol === protocol && rule.from === from && rule.to === to;
}

function sameSources(a: PortRule, b: PortRule): boolean {
  return JSON.stringify([a.cidrs, a.ipv6, a.aliases]) === JSON.stringify([b.cidrs, b.ipv6, b.aliases]);
}

/** Whether two sets of rules let in the same, in whatever order they stand. */
export function sameRules(some: readonly PortRule[], others: readonly PortRule[]): boolean {
  const text = (rules: readonly PortRule[]): string =>
    united(rules)
      .map(({ protocol, from, to, cidrs, ipv6, aliases }) =>
        JSON.stringify([protocol, from, to, cidrs, ipv6, aliases]),
      )
      .toSorted()
      .join('\n');
  return text(some) === text(others);
}
