import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Server, Upstream } from '../../balancer/schema/balancer.ts';
import type { ServerState } from '../provider.ts';

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT = 2000;

type Answer = Pick<ServerState, 'state' | 'detail'>;

/**
 * Asks a server as it is now: with the health path by HTTP, else by a connection.
 * @param upstream as lb.yaml has it; undefined where it has none of the name.
 * @param datagrams the upstream takes UDP alone, where silence says nothing.
 */
export async function probe(
  upstream: Upstream | undefined,
  server: Pick<Server, 'address' | 'down'>,
  datagrams: boolean,
): Promise<Pick<ServerState, 'address' | 'state' | 'detail' | 'milliseconds'>> {
  const { address } = server;
  if (server.down) return { address, state: 'not probed', detail: 'marked down', milliseconds: null };
  if (datagrams) return { address, state: 'not probed', detail: 'udp', milliseconds: null };
  const begin = performance.now();
  const path = upstream?.health.path;
  const asked =
    path !== undefined && upstream?.protocol === 'http' ? askHttp(upstream, address, path) : askTcp(address);
  const answer = await asked;
  return {
    address,
    ...answer,
    milliseconds: answer.state === 'up' ? Math.round(performance.now() - begin) : null,
  };
}

/** Where a server is reached: a port, or a socket file. */
function endpoint(address: string, tls: boolean): { host: string; port: number } | { socketPath: string } {
  if (address.startsWith('unix:')) return { socketPath: address.slice('unix:'.length) };
  const match = /^(\[.*\]|[^:]+)(?::(\d+))?$/u.exec(address);
  const host = (match?.[1] ?? address).replace(/^\[|\]$/gu, '');
  return { host, port: Number(match?.[2] ?? (tls ? 443 : 80)) };
}

function askTcp(address: string): Promise<Answer> {
  const where = endpoint(address, false);
  return new Promise((resolve) => {
    const socket = 'socketPath' in where ? connect(where.socketPath) : connect(where);
    const end = (answer: Answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT, () => end({ state: 'down', detail: `no connection in ${TIMEOUT / 1000} s` }));
    socket.once('connect', () => end({ state: 'up', detail: 'connects' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ state: 'down', detail: inWords(error) }));
  });
}

function askHttp({ tls }: Upstream, address: string, path: string): Promise<Answer> {
  const where = endpoint(address, tls !== false);
  // whether the certificate is right is NGINX's to judge; here it is asked whether the server works
  const options = {
    ...where,
    path,
    timeout: TIMEOUT,
    agent: false,
    rejectUnauthorized: false,
    headers: { 'user-agent': 'lbctl-status' },
  };
  return new Promise((resolve) => {
    const asked = (tls === false ? httpRequest : httpsRequest)(options, ({ statusCode = 0 }) => {
      asked.destroy();
      resolve({
        state: statusCode >= 200 && statusCode < 400 ? 'up' : 'down',
        detail: `${path} answers ${statusCode}`,
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${TIMEOUT / 1000} s`)));
    asked.on('error', (error: NodeJS.ErrnoException) => resolve({ state: 'down', detail: inWords(error) }));
    asked.end();
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'cuts the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ENOTFOUND: 'has no address in DNS',
  ENOENT: 'no such socket',
};

function inWords(error: NodeJS.ErrnoException): string {
  return WORDS[error.code ?? ''] ?? error.message;
}
