import { UserError } from '../../errors.ts';
import { clientOptions } from '../client.ts';
import { attempt } from '../failure.ts';
import type { Asking, Kind } from './kind.ts';

/** Each kind, with its client, is loaded where it is asked for. */
export const kinds = {
  instances: async () => (await import('./instances.ts')).instances,
  groups: async () => (await import('./groups.ts')).groups,
  zones: async () => (await import('./zones.ts')).zones,
  balancers: async () => (await import('./balancers.ts')).balancers,
  vpcs: async () => (await import('./vpcs.ts')).vpcs,
  certificates: async () => (await import('./certificates.ts')).certificates,
  topics: async () => (await import('./topics.ts')).topics,
};

export type KindName = keyof typeof kinds;

/** What an account has that a balancer may be put to use with, by kind, as far as it is told in time. */
type Found = { [Name in KindName]?: Awaited<ReturnType<Awaited<ReturnType<(typeof kinds)[Name]>>['list']>> };

/** Where Route 53 and the like are, whatever the Region. */
const GLOBAL = 'us-east-1';

/**
 * Lists what is there, each kind by itself: one that may not be seen does not hide the others. Nothing is asked twice, as
 * somebody waits who can do without.
 * @param patience milliseconds behind which what has not been told is left out.
 * @returns what is told, and why something is not; kinds that are not told in all Regions are left out.
 */
export async function inventoryIn(
  regions: readonly string[],
  names: readonly KindName[],
  patience: number,
): Promise<{ readonly found: Found; readonly trouble: UserError | undefined }> {
  const within = { abortSignal: AbortSignal.timeout(patience) };
  let trouble: UserError | undefined;
  const told = await Promise.all(
    names.map(async (name) => {
      const kind = (await kinds[name]()) as Kind<unknown>;
      const places =
        kind.scope === 'each' ? regions : kind.scope === 'first' ? regions.slice(0, 1) : [GLOBAL];
      try {
        const lists = await Promise.all(
          places.map((region) => listed(kind, region, patience, { ...asking(region), within })),
        );
        return [[name, lists.flat()] as const];
      } catch (error) {
        trouble ??= error as UserError;
        return [];
      }
    }),
  );
  return { found: Object.fromEntries(told.flat()), trouble };
}

function asking(region: string): Pick<Asking, 'options'> {
  return { options: { ...clientOptions(region), maxAttempts: 1 } };
}

async function listed(
  { doing, actions, list }: Kind<unknown>,
  region: string,
  patience: number,
  how: Asking,
): Promise<unknown[]> {
  try {
    return await inTime(patience, () => attempt({ doing, action: actions[0]!, region }, () => list(how)));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('failed', 'too-slow', `cannot ${doing} in ${region}: AWS does not answer in time`);
  }
}

/** Looking for credentials, which may ask a machine that does not answer, is not ended by the signal of a call. */
async function inTime<Result>(patience: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), patience);
  });
  try {
    return await Promise.race([work(), end]);
  } finally {
    clearTimeout(timer);
  }
}
