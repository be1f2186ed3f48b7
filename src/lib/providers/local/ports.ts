import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Socket } from '../../render/tree.ts';
import { holderOf } from './holder.ts';
import type { Process } from './processes.ts';
import { prefixIn } from './running.ts';

/**
 * Makes sure that sockets can be bound before NGINX tries.
 * @param home folder of the balancers beside lb.yaml.
 * @param leaving processes that give up their ports before.
 * @throws UserError `failed` naming the port, and who holds it where that can be told.
 */
export async function checkPorts(
  sockets: readonly Socket[],
  home: string,
  leaving: readonly number[] = [],
): Promise<void> {
  for (const socket of sockets) {
    const code = await bindError(socket);
    if (code === undefined) continue;
    const holder = code === 'EADDRINUSE' ? await holderOf(socket.port, socket.transport) : undefined;
    if (holder && leaving.includes(holder.pid)) continue;
    throw ABSENT.has(code) ? absent(socket) : refusal(socket, code, home, holder);
  }
}

/** Codes of an address that no interface has, and of a family that is switched off. */
const ABSENT = new Set<string | undefined>(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Makes sure that this machine has the addresses of sockets, whoever holds their ports.
 * @throws UserError `failed` naming the address.
 */
export async function checkAddresses(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) {
    if (ABSENT.has(await bindError({ ...socket, port: 0 }))) throw absent(socket);
  }
}

function absent({ listener, address }: Socket): UserError {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const own = [...new Set(all.map((entry) => entry.address))].join(', ');
  const who = listener === 'metrics' ? 'metrics' : `listener ${listener}`;
  if (address === '::') {
    return new UserError(
      'failed',
      'address-absent',
      `${who} asks for IPv6, which this machine does not have`,
      {
        hint: `leave ipv6 out of ${who}`,
      },
    );
  }
  const change =
    listener === 'metrics'
      ? 'set metrics: { address: 127.0.0.1 }'
      : 'choose one of them, or leave address out to listen on all';
  return new UserError(
    'failed',
    'address-absent',
    `${who} is to listen on ${address}, which is no address of this machine`,
    { hint: `its addresses are ${own}; ${change}` },
  );
}

function refusal(
  { listener, transport, port, configuredPort }: Socket,
  code: string,
  home: string,
  holder: Process | undefined,
): UserError {
  const what = `${transport} port ${port} of ${listener === 'metrics' ? 'metrics' : `listener ${listener}`}`;
  if (code === 'EACCES') {
    return new UserError('failed', 'port-forbidden', `${what} may not be bound by this user`, {
      hint: 'choose a port from 1024 on',
    });
  }
  if (code !== 'EADDRINUSE')
    return new UserError('failed', 'port-unusable', `${what} cannot be bound: ${code}`);
  const change =
    listener === 'metrics'
      ? 'set metrics: { port: … } to another one'
      : `give the listener another port than ${configuredPort}`;
  const other = holder && balancerOf(holder);
  if (other) {
    const { name, folder } = other;
    const ends =
      join(folder, '.lbctl') === home
        ? `if that was renamed, lbctl down under its old name (name: ${name}) ends it; else`
        : `cd ${folder} && lbctl down ends it, or`;
    return new UserError(
      'failed',
      'port-busy',
      `${what} is taken by the balancer ${name} of ${folder} (pid ${holder.pid})`,
      {
        hint: `${ends} ${change}`,
      },
    );
  }
  return new UserError(
    'failed',
    'port-busy',
    `${what} is taken${holder ? ` by pid ${holder.pid} (${holder.title.trim().slice(0, 60)})` : ''}`,
    {
      hint: `stop what listens there, or ${change}`,
    },
  );
}

/** The balancer of lbctl that an NGINX runs for. */
function balancerOf({ title }: Process): { readonly name: string; readonly folder: string } | undefined {
  const [, folder, name] = /^(.*)\/\.lbctl\/([^/]+)$/u.exec(prefixIn(title) ?? '') ?? [];
  return folder === undefined || name === undefined ? undefined : { name, folder };
}

/** Code of the error that binding gives; undefined where it works. */
function bindError({ transport, address, port }: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    const done = (error?: NodeJS.ErrnoException) =>
      resolve(error ? (error.code ?? error.message) : undefined);
    if (transport === 'udp') {
      const socket = createSocket({
        type: address.includes(':') ? 'udp6' : 'udp4',
        ipv6Only: address.includes(':'),
      });
      socket.once('error', done);
      socket.bind({ address, port, exclusive: true }, () => socket.close(() => done()));
      return;
    }
    const server = createServer();
    server.once('error', done);
    server.listen({ host: address, port, exclusive: true, ipv6Only: address.includes(':') }, () =>
      server.close(() => done()),
    );
  });
}
