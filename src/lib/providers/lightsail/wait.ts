import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '@aws-sdk/client-lightsail';
import { UserError } from '../../errors.ts';
import type { Api } from './api.ts';
import type { Machine } from './world.ts';

/** Milliseconds between two looks, at first and at most: what takes a minute is asked for some ten times. */
const FIRST = 500;
const LONGEST = 8000;

interface Patience {
  /** Completes `… is not done after N minutes`. */
  readonly what: string;
  /** Milliseconds until it is given up. */
  readonly limit: number;
  readonly hint: string;
}

/**
 * Looks again and again until something is there, more and more slowly. Looks fall on the same moments, whenever they
 * began, so that those who wait for the same list can share it.
 * @throws UserError `failed` where it never comes.
 */
export async function until<Found>(
  look: () => Promise<Found | null>,
  { what, limit, hint }: Patience,
): Promise<Found> {
  const end = Date.now() + limit;
  for (let pause = FIRST; ; pause = Math.min(pause * 2, LONGEST)) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() + pause > end)
      throw new UserError('failed', 'too-slow', `${what} after ${minutes(limit)}`, { hint });
    await sleep(pause - (Date.now() % pause));
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

/** Waits for an instance that stops: it cannot be started before it has. */
export function rested(api: Api, name: string): Promise<Machine> {
  return until(
    async () => {
      const machine = await api.machine(name);
      return machine?.state === 'stopping' ? null : machine;
    },
    { what: `the instance ${name} in ${api.region} does not stop`, limit: RUNNING, hint: AGAIN },
  );
}

/** Milliseconds for an instance to run; a minute is usual. */
const RUNNING = 600_000;

/**
 * Waits for an instance to run. All who wait in a Region at the same time share one list.
 * @param begun what makes or starts it: asked why it comes to nothing where the instance is not there.
 * @param limit milliseconds until it is given up.
 * @throws UserError `failed` where it never runs, or is not made.
 */
export async function running(
  api: Api,
  name: string,
  begun: readonly Operation[] = [],
  limit: number = RUNNING,
): Promise<Machine> {
  let state = 'not there';
  let missed: readonly Machine[] | undefined;
  const patience = {
    what: `the instance ${name} in ${api.region} does not run`,
    limit,
    hint: `see what Lightsail says: aws lightsail get-instance --instance-name ${name} --region ${api.region}; aws lightsail delete-instance and lbctl up make it anew`,
  };
  try {
    return await until(async () => {
      const all = await listed(api);
      const machine = all.find((other) => other.name === name);
      // the first list may have been on its way before, and lists may be behind what was done just now
      if (machine === undefined) {
        if (missed !== undefined && missed !== all) await refuseFailed(api, name, begun);
        missed ??= all;
      }
      state = machine?.state ?? state;
      return machine?.state === 'running' ? machine : null;
    }, patience);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'too-slow') throw error;
    throw new UserError('failed', 'never-running', `${error.message}: it is ${state}`, { hint: error.hint });
  }
}

/** Lists that are on their way, or came just now. */
const lists = new WeakMap<Api, Promise<Machine[]>>();
/** Milliseconds for which a list is as good as new. */
const NEW = 200;

function listed(api: Api): Promise<Machine[]> {
  const known = lists.get(api);
  if (known) return known;
  const list = api.machines();
  lists.set(api, list);
  const forget = (): void => void (lists.get(api) === list && lists.delete(api));
  list.then(() => void setTimeout(forget, NEW).unref(), forget);
  return list;
}

async function refuseFailed(api: Api, name: string, begun: readonly Operation[]): Promise<void> {
  for (const { id, isTerminal } of begun) {
    const now = isTerminal ? undefined : await api.operation(id!);
    if (now?.status === 'Failed') throw failedOperation(api, `create the instance ${name}`, now);
  }
}
