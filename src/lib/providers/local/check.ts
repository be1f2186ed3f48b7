import { access, constants } from 'node:fs/promises';
import { UserError } from '../../errors.ts';
import { newSockets } from '../../release/sockets.ts';
import type { Socket } from '../../render/tree.ts';
import type { Observed } from './observe.ts';
import { checkPorts } from './ports.ts';
import { checkPermission } from './signal.ts';
import type { Work } from './work.ts';
import { notWritable } from './writing.ts';

/**
 * Makes sure that a release can be brought into effect as far as this machine is concerned; changes nothing.
 * @throws UserError `denied` where NGINX is somebody else's; `failed` where a port is taken, with who holds it, where a
 * listener would have to move, or where the folder cannot be written.
 */
export async function check({ places, release }: Work, observed: Observed): Promise<void> {
  const { running, current, orphans } = observed;
  if (running) checkPermission(running.master);
  await access(places.prefix, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw notWritable(places.prefix, error);
  });
  const held = running && running.movedFrom === null ? (current?.sockets ?? []) : [];
  refuseMoves(held, release.sockets);
  // what NGINX has open it keeps, or gives up in time
  const own = running ? [running.master, ...running.workers.map(({ pid }) => pid)] : [];
  const leaving = [...own, ...orphans.map(({ pid }) => pid)];
  await checkPorts(newSockets(held, release.sockets), places.home, leaving);
}

/** A running NGINX opens new sockets before it closes old ones, so a port cannot change its address by a reload. */
function refuseMoves(held: readonly Socket[], wanted: readonly Socket[]): void {
  for (const socket of newSockets(held, wanted)) {
    const { listener, port, address } = socket;
    const before = held.find((other) => overlap(other, socket));
    if (!before) continue;
    const message = `listener ${listener} would move from ${before.address} to ${address} on port ${port}, which a running NGINX cannot do`;
    throw new UserError('failed', 'address-moves', message, {
      hint: 'run lbctl down and lbctl up, or choose another port for the new address',
    });
  }
}

/** Whether two sockets cannot be open at once: the same port, and one of them takes all addresses of its family. */
function overlap(a: Socket, b: Socket): boolean {
  const family = ({ address }: Socket) => address.includes(':');
  const takesAll = ({ address }: Socket) => address === '0.0.0.0' || address === '::';
  return (
    a.port === b.port &&
    a.transport === b.transport &&
    family(a) === family(b) &&
    (takesAll(a) || takesAll(b))
  );
}
