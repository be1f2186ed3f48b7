import type { Answers } from '../answers.ts';
import { comment } from '../comments.ts';
import { scalar } from '../scalar.ts';

/** The upstream of all that has none of its own. */
export const MAIN = 'web';

/** Pools of servers. */
export function upstreamLines(answers: Answers): string[] {
  const { paths, servers, discover } = answers;
  const names = upstreamNames(answers);
  const main = discover ? foundLines(discover, answers) : serverLines(servers);
  const own = paths.flatMap((path) =>
    path.servers.length === 0 ? [] : [`  ${names.get(path.path)}:`, ...serverLines(path.servers)],
  );
  return [
    ...comment(
      'Pools of servers. One that fails three times within ten seconds rests for ten, while the others take its requests; `lbctl pool drain` takes one out when its requests have ended.',
    ),
    'upstreams:',
    `  ${MAIN}:`,
    ...comment('Who has the fewest requests in work is next; also: round_robin, ip_hash, random.', '    '),
    '    balance: least_conn',
    ...main,
    ...own,
  ];
}

/** How servers are found; a balancer that lbctl makes looks in its own Region. */
function foundLines(
  { from, name, port }: NonNullable<Answers['discover']>,
  { provider, fleet, regions }: Answers,
): string[] {
  const region = provider === 'lightsail' || fleet ? undefined : regions[0];
  const head = ['    discover:', `      port: ${port}`];
  if (from === 'group')
    return [
      ...comment(
        'Instances of an Auto Scaling group that are in service, looked for at each `lbctl up` and `lbctl deploy`; a timer may run that.',
        '    ',
      ),
      ...head,
      ...(region === undefined
        ? [`      autoscaling_group: ${scalar(name)}`]
        : ['      autoscaling_group:', `        name: ${scalar(name)}`, `        region: ${region}`]),
    ];
  return [
    ...comment(
      'Running instances of Lightsail by their name, looked for at each `lbctl up` and `lbctl deploy`.',
      '    ',
    ),
    ...head,
    '      lightsail:',
    `        name: ${scalar(name)}`,
    ...(region === undefined ? [] : [`        region: ${region}`]),
    ...comment('address: public # for a balancer outside of Lightsail', '        '),
  ];
}

function serverLines(servers: readonly string[]): string[] {
  return ['    servers:', ...servers.map((server) => `      - ${scalar(server)}`)];
}

/** Upstreams of the paths that have servers of their own, by path. */
export function upstreamNames({ paths }: Answers): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set([MAIN]);
  for (const { path, servers } of paths) {
    if (servers.length === 0) continue;
    const name = nameOf(path);
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
    taken.add(free);
    names.set(path, free);
  }
  return names;
}

/** `api` of `/api/`. */
function nameOf(path: string): string {
  const name = path
    .replaceAll(/[^A-Za-z0-9]+/gu, '-')
    .replace(/^[^A-Za-z]+/u, '')
    .slice(0, 40)
    .replace(/-+$/u, '');
  return name === '' ? 'path' : name;
}
