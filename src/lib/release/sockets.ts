import type { Socket } from '../render/tree.ts';

/** Sockets that are not among those of before. */
export function newSockets(before: readonly Socket[], after: readonly Socket[]): Socket[] {
  const held = new Set(before.map(socketName));
  return after.filter((socket) => !held.has(socketName(socket)));
}

/** Sockets for clients that are not there any more. */
export function lostSockets(before: readonly Socket[], after: readonly Socket[]): Socket[] {
  return newSockets(after, before).filter(({ listener }) => listener !== 'metrics');
}

/** A socket in a word, such as `0.0.0.0:80`. */
export function socketName({ address, port, transport }: Socket): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}${transport === 'udp' ? ' (udp)' : ''}`;
}

/** A socket with its listener, and the port of lb.yaml where it is another one. */
export function socketLine(socket: Socket): string {
  const mapped = socket.port === socket.configuredPort ? '' : ` in place of ${socket.configuredPort}`;
  return `${socket.listener}: ${socketName(socket)}${socket.listener === 'metrics' ? '' : mapped}`;
}
