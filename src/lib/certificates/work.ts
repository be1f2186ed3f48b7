import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Step } from '../plan/step.ts';
import type { Node } from '../release/node/place.ts';
import { each } from '../release/rollout/each.ts';
import { AT_ONCE, type Surveyed } from '../release/rollout/survey.ts';
import { carryOut } from './carry-out.ts';
import { type Held, NOTHING, observeCertificates } from './observe.ts';
import { lookFromOutside } from './outside.ts';
import { type Holder, planCertificates, stepsOf, type Task } from './plan.ts';
import type { Wanted } from './wanted.ts';

/** What is to be done about certificates once a release serves. */
export interface CertificateWork {
  readonly steps: readonly Step[];
  take(io: Pick<Io, 'notify'>): Promise<void>;
}

interface Claim {
  /** As `user@host`. */
  readonly who: string;
  /** Seconds to wait for somebody else. */
  readonly wait: number;
}

/**
 * Asks nodes for their certificates, and plans what is to be done.
 * @throws UserError `failed` where one of them has no certbot.
 */
export async function certificateWork(
  surveyed: readonly Surveyed[],
  wanted: readonly Wanted[],
  claim: Claim,
): Promise<CertificateWork> {
  const isNone = wanted.length === 0 && surveyed.every(({ state }) => (state?.renewed.length ?? 0) === 0);
  if (isNone) return { steps: [], take: async () => undefined };
  const nodes = surveyed.map(({ node }) => node);
  const holders = await holdersOf(nodes);
  const tasks = planCertificates(holders, wanted, new Date());
  refuseWithoutCertbot(holders, tasks);
  return {
    steps: stepsOf(tasks),
    async take(io) {
      await carryOut(tasks, { nodes, ...claim }, io);
      const asked = wanted.filter(({ name }) =>
        tasks.some((task) => task.kind === 'obtain' && task.wanted.name === name),
      );
      if (asked.length === 0) return;
      for (const text of await lookFromOutside(asked, await holdersOf(nodes)))
        io.notify({ kind: 'warn', text });
    },
  };
}

function holdersOf(nodes: readonly Node[]): Promise<Holder[]> {
  return each(nodes, AT_ONCE, async (node) => ({
    name: node.transport.name,
    held: node.coming ? NOTHING : withAddresses(await observeCertificates(node), node),
  }));
}

/** What it is known by beside what it knows itself; loopback leads everybody to themselves. */
function withAddresses(held: Held, { addresses = [] }: Node): Held {
  const usable = [...held.addresses, ...addresses].filter((address) =>
    /^(?!127\.|::1$|localhost$)[\w.:-]+$/u.test(address),
  );
  return { ...held, addresses: [...new Set(usable)] };
}

/** Where there is nothing to ask for, a release need not wait for it. */
function refuseWithoutCertbot(holders: readonly Holder[], tasks: readonly Task[]): void {
  const asking = new Set(tasks.filter(({ kind }) => kind === 'obtain').map(({ node }) => node));
  const without = holders
    .filter(({ name, held }) => !held.certbot && asking.has(name))
    .map(({ name }) => name);
  if (without.length === 0) return;
  throw new UserError(
    'failed',
    'certbot-missing',
    `certbot is not installed on ${without.join(', ')}, which gets certificates; nothing was changed`,
    {
      hint: 'install it there: sudo apt-get install certbot, or sudo dnf install certbot',
    },
  );
}
