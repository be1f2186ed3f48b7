import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Node } from '../release/node/place.ts';
import { each } from '../release/rollout/each.ts';
import { AT_ONCE } from '../release/rollout/survey.ts';
import { openConnections } from './peers.ts';

/** Time between two looks, in milliseconds. */
const POLL = 1000;

/**
 * Connections that nodes have open to a server.
 * @throws UserError `failed` where they cannot be counted.
 */
export async function connectionsTo(nodes: readonly Node[], address: string): Promise<number> {
  const counts = await each(nodes, AT_ONCE, async (node) => {
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
 * @param seconds the longest wait.
 * @returns how many are open at the end.
 */
export async function awaitDrained(
  nodes: readonly Node[],
  address: string,
  seconds: number,
  io: Io,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let told = 0;
  for (;;) {
    const left = await connectionsTo(nodes, address);
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
