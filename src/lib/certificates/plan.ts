import { createHash } from 'node:crypto';
import type { Step } from '../plan/step.ts';
import { alike } from '../release/alike.ts';
import { distance, isLate } from './expiry.ts';
import { SCRIPT_DIGEST } from './node/call.ts';
import type { Held, HeldCertificate } from './observe.ts';
import { authorityOf, type Wanted } from './wanted.ts';

/** A node with what it has. */
export interface Holder {
  readonly name: string;
  readonly held: Held;
}

/** A piece of work on one node. */
export type Task =
  | { readonly kind: 'prepare'; readonly node: string; readonly first: boolean }
  | { readonly kind: 'meet'; readonly node: string; readonly peers: string; readonly first: boolean }
  | {
      readonly kind: 'obtain';
      readonly node: string;
      readonly wanted: Wanted;
      readonly first: boolean;
      /** Why, in words. */
      readonly why: readonly string[];
    }
  | { readonly kind: 'forget'; readonly node: string; readonly name: string };

/** What it takes that all nodes have what is wanted, in the order in which it is to be done. Decides alone. */
export function planCertificates(holders: readonly Holder[], wanted: readonly Wanted[], now: Date): Task[] {
  const some = wanted.length > 0;
  return [
    ...holders.flatMap(({ name: node, held }): Task[] =>
      some && (held.script !== SCRIPT_DIGEST || held.timer === 'none')
        ? [{ kind: 'prepare', node, first: held.script === '' }]
        : [],
    ),
    ...holders.flatMap(({ name: node, held }): Task[] => {
      const peers = wanted.some(({ zone }) => zone === null) ? peersOf(node, holders) : '';
      return some && peers !== held.met ? [{ kind: 'meet', node, peers, first: held.met === '' }] : [];
    }),
    ...wanted.flatMap((one) => holders.flatMap((holder) => obtaining(holder, one, now))),
    ...holders.flatMap(({ name: node, held }) =>
      [...held.asked.keys()]
        .filter((name) => !wanted.some((one) => one.name === name))
        .map((name): Task => ({ kind: 'forget', node, name })),
    ),
  ];
}

/** By this name a node is told from others, wherever an address leads. */
export function idOf(node: string): string {
  return createHash('sha256').update(node).digest('hex').slice(0, 16);
}

/** The other nodes for one of them: each with its addresses, as far as no two nodes have the same. */
function peersOf(node: string, holders: readonly Holder[]): string {
  const all = holders.flatMap(({ held }) => held.addresses);
  return holders
    .filter(({ name }) => name !== node)
    .map(({ name, held }) =>
      [
        idOf(name),
        ...held.addresses.filter((address) => all.indexOf(address) === all.lastIndexOf(address)),
      ].join(','),
    )
    .join(' ');
}

function obtaining({ name: node, held }: Holder, wanted: Wanted, now: Date): Task[] {
  const has = held.certificates.find(({ name }) => name === wanted.name);
  if (!has?.issued) return [{ kind: 'obtain', node, wanted, first: true, why: [] }];
  const why = problemsOf(has, wanted, now);
  const asked = held.asked.get(wanted.name);
  if (
    why.length === 0 &&
    (asked === undefined ||
      Object.entries(settingsOf(wanted)).some(([key, value]) => asked.get(key) !== value))
  )
    why.push('how it is renewed has changed');
  return why.length > 0 ? [{ kind: 'obtain', node, wanted, first: false, why }] : [];
}

/** What is not as it should be of a certificate that an authority gave. */
export function problemsOf(has: HeldCertificate, wanted: Wanted, now: Date): string[] {
  return [...differences(has, wanted), ...neglect(has, now)];
}

function differences({ hosts, directory, keyType }: HeldCertificate, wanted: Wanted): string[] {
  const sorted = (names: readonly string[]): string => names.toSorted().join(', ');
  return [
    ...(sorted(hosts) === sorted(wanted.hosts) ? [] : [`it is for ${sorted(hosts)} now`]),
    ...(directory === wanted.directory ? [] : [`it is from ${authorityOf(directory)} now`]),
    ...(wanted.keyType === null || keyType === wanted.keyType ? [] : [`its key is of type ${keyType} now`]),
  ];
}

function neglect(has: HeldCertificate, now: Date): string[] {
  if (isLate(has, now))
    return [
      `it ${has.until < now ? 'expired' : 'expires'} ${distance(has.until, now)}: the timer has not renewed it`,
    ];
  return has.taken ? [] : ['NGINX has not taken the new one yet'];
}

/** What a node keeps of it, to renew it. */
export function settingsOf({
  hosts,
  email,
  directory,
  keyType,
  zone,
  credentials,
  at,
}: Wanted): Record<string, string> {
  return {
    hosts: hosts.join(' '),
    email,
    directory,
    key_type: keyType ?? '',
    zone: zone ?? '',
    credentials: credentials?.digest ?? '',
    at: at ?? '',
  };
}

/** Nodes that are named in the step itself. */
const NAMED = 3;

/** The same as steps of a plan: one for all nodes that have the same to do. */
export function stepsOf(tasks: readonly Task[]): Step[] {
  return alike(tasks, (task) => JSON.stringify({ ...task, node: '', peers: '' })).map((same) => {
    const names = same.map(({ node }) => node);
    const many = names.length > NAMED;
    const where = many ? `${names.length} nodes` : names.join(', ');
    const { name, details, ...step } = stepOf(same[0]);
    return {
      ...step,
      kind: 'certificate',
      name: `${name} on ${where}`,
      details: [...(many ? [names.join(', ')] : []), ...details],
    };
  });
}

function stepOf(task: Task): Omit<Step, 'kind'> {
  switch (task.kind) {
    case 'prepare':
      return {
        action: task.first ? 'create' : 'change',
        resource: 'renewal',
        name: 'of certificates',
        details: ['certbot, twice a day, by a timer of the node'],
      };
    case 'meet':
      return {
        action: task.first ? 'create' : 'change',
        resource: 'renewal',
        name: 'of certificates among nodes',
        details: [
          task.peers === ''
            ? 'there is no other node any more'
            : 'a node without the answer to a challenge asks the others for it',
        ],
      };
    case 'forget':
      return {
        action: 'delete',
        resource: 'certificate',
        name: task.name,
        details: ['it is renewed no more; the files stay, as releases of before show it'],
      };
    case 'obtain': {
      const { wanted, why, first } = task;
      const asked = `${wanted.hosts.join(', ')}: asked of ${authorityOf(wanted.directory)}${wanted.zone === null ? '' : `, by a record in zone ${wanted.zone}`}`;
      return {
        action: first ? 'create' : 'change',
        resource: 'certificate',
        name: wanted.name,
        details: [...why, asked],
      };
    }
  }
}
