import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '@aws-sdk/client-lightsail';
import { UserError } from '../../errors.ts';
import type { Api } from './api.ts';
import type { Machine } from './world.ts';

/** Milliseconds between two looks, at first and at most: what takes a minute is asked for some ten times. */
const FIRST = 250;
const LONGEST = 10_000;
const GROWTH = 1.6;

interface Patience {
  /** Completes `… is not done after N minutes`. */
  readonly what: string;
  /** Milliseconds until it is given up. */
  readonly limit: number;
  readonly hint: string;
}

/**
 * Looks again and again until something is there, more and more slowly.
 * @throws UserError `failed` where it never comes.
 */
export async function until<Found>(
  look: () => Promise<Found | null>,
  { what, limit, hint }: Patience,
): Promise<Found> {
  const end = Date.now() + limit;
  for (let pause = FIRST; ; pause = Math.min(pause * GROWTH, LONGEST)) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() + pause > end)
      throw new UserError('failed', 'too-slow', `${what} after ${minutes(limit)}`, { hint });
    await sleep(pause);
  }
}

function minutes(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

const AGAIN = 'run the command again, which goes on from here';

/**
 * Waits for what Lightsail has begun.
 * @throws UserError `failed` with Lightsail's reason where it came to nothing.
 */
export async function finished(api: Api, doing: string, operations: readonly Operation[]): Promise<void> {
  for (const operation of operations) {
    const end = operation.isTerminal
      ? operation
      : await until(
          async () => {
            const now = await api.operation(operation.id!);
            return now?.isTerminal || now?.status === 'Succeeded' || now?.status === 'Failed' ? now : null;
          },
          {
            what: `cannot ${doing} in ${api.region}: it has not come to an end`,
            limit: 300_000,
            hint: AGAIN,
          },
        );
    if (end.status === 'Failed') throw failedOperation(api, doing, end);
  }
}

function failedOperation(
  { region }: Api,
  doing: string,
  { id, errorCode, errorDetails }: Operation,
): UserError {
  const reason = errorDetails ?? errorCode ?? 'Lightsail gives no reason';
  const isFull = /capacity/iu.test(`${errorCode} ${errorDetails}`);
  return new UserError(
    'failed',
    'operation-failed',
    `cannot ${doing} in ${region}: ${reason.replace(/\.$/u, '')} (${errorCode ?? 'Failed'}, operation ${id})`,
    {
      hint: isFull
        ? 'take another zone (zones of lightsail in lb.yaml) or another bundle, or try again later'
        : AGAIN,
    },
  );
}

/** Milliseconds for an instance to run; a minute is usual. */
const RUNNING = 600_000;

/**
 * @param limit milliseconds until it is given up.
 * @throws UserError `failed` where it never runs, or goes away.
 */
export function running(api: Api, name: string, limit: number = RUNNING): Promise<Machine> {
  let last = 'not there';
  const patience = {
    what: `the instance ${name} in ${api.region} does not run`,
    limit,
    hint: `see what Lightsail says: aws lightsail get-instance --instance-name ${name} --region ${api.region}; aws lightsail delete-instance and lbctl up make it anew`,
  };
  return until(async () => {
    const machine = await api.machine(name);
    last = machine?.state ?? last;
    return machine?.state === 'running' ? machine : null;
  }, patience).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'too-slow') throw error;
    throw new UserError('failed', 'never-running', `${error.message}: it is ${last}`, { hint: error.hint });
  });
}
