import { connect } from 'node:net';
import { awayFrom } from '../../lib/init/away.ts';
import type { Given } from '../../lib/init/question.ts';

/** Whether somebody takes a connection at an address, and why not. */
export interface Reached {
  readonly address: string;
  /** Undefined where this machine cannot tell, and has not tried. */
  readonly reachable: boolean | undefined;
  /** Undefined where the connection was taken. */
  readonly trouble: string | undefined;
}

/** Milliseconds that a server has to take a connection. */
const PATIENCE = 1_000;

const TROUBLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ENOENT: 'there is no such socket',
  EACCES: 'the socket may not be opened',
};

/** Tries all servers at the same time, from this machine, but for those that nodes elsewhere alone can tell of. */
export function reachAll(addresses: readonly string[], given: Given): Promise<Reached[]> {
  return Promise.all(
    addresses.map(async (address) => {
      const away = awayFrom(address, given);
      if (away !== undefined) return { address, reachable: undefined, trouble: away };
      const trouble = await tried(address);
      return { address, reachable: trouble === undefined, trouble };
    }),
  );
}

function tried(address: string): Promise<string | undefined> {
  const [, path] = /^unix:(.+)$/u.exec(address) ?? [];
  const [, host = '', port = '80'] = /^\[?(.*?)\]?(?::(\d+))?$/u.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = path === undefined ? connect({ host, port: Number(port) }) : connect({ path });
    const end = (trouble?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(trouble);
    };
    // of the look-up of a name, too, which a timeout of the socket does not end
    const timer = setTimeout(() => end('no answer within a second'), PATIENCE);
    socket.once('connect', () => end());
    socket.once('error', ({ code = '', message }: NodeJS.ErrnoException) => end(TROUBLE[code] ?? message));
  });
}
