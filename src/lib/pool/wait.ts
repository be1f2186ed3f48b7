import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Node } from '../release/node/place.ts';
import { each } from '../release/rollout/each.ts';
import { atOnceOf } from '../release/rollout/survey.ts';
import { activeConnections } from './active.ts';
import { openConnections } from './peers.ts';

/** Time between two looks, in milliseconds. */
const POLL = 1000;

/**
 * Connections that nodes have open to a server.
 * @param live upstreams of it that NGINX Plus may be asked about.
 * @throws UserError `failed` where they cannot be counted.
 */
export async function connectionsTo(
  nodes: readonly Node[],
  address: string,
  live: readonly string[] = [],
): Promise<number> {
  const counts = await each(nodes, atOnceOf(nodes), async (node) => {
    const active = live.length === 0 ? undefined : await activeConnections(node, address, live);
    if (active !== undefined) return active;
    const count = (await openConnections(node, [address])).get(address);
    if (count !== undefined) return count;
    const message = `${node.transport.name} finds no address of ${address}, so its connections cannot be counted`;
    throw new UserError('failed', 'no-address', message, {
      hint: 'on the node, getent must find it; lb.yaml can name its address instead',
    });
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Waits until the connections to a server have ended, and tells how many are left whenever that changes.
 * @param count tells how many there are.
 * @param seconds the longest wait.
 * @returns how many are open at the end.
 */
export async function awaitDrained(
  address: string,
  count: () => Promise<number>,
  seconds: number,
  io: Io,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let told = 0;
  for (;;) {
    const left = await count();
    if (left === 0) {
      io.notify({ kind: 'done', text: `${address} is out: no connection to it is open` });
      return 0;
    }
    if (left !== told) io.notify({ kind: 'start', text: `${inWords(left)} to ${address} still open` });
    told = left;
    if (performance.now() >= end) return left;
    await sleep(Math.min(POLL, Math.max(0, end - performance.now())));
  }
}

/** `1 connection`, `3 connections`. */
export function inWords(count: number): string {
  return `${count} connection${count === 1 ? '' : 's'}`;
}
