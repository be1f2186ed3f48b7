import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { atEnd } from './lifetime.ts';

/** A request as a server saw it. */
export interface Received {
  /** Name of the server. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** First line as it came over the wire. */
  readonly line: string;
  /** Number of the connection that it came by, from 1. */
  readonly connection: number;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** By default the request as JSON. */
  readonly body?: string | Uint8Array;
  /** Milliseconds to wait before answering. */
  readonly delay?: number;
  /** What it waits for before it answers. */
  readonly until?: Promise<unknown>;
  /** Closes the connection instead of answering. */
  readonly hangUp?: boolean;
}

export interface Backend {
  readonly name: string;
  readonly port: number;
  /** `127.0.0.1:port`, for lb.yaml. */
  readonly address: string;
}

export interface HttpBackend extends Backend {
  /** Requests so far, the newest last. */
  readonly received: readonly Received[];
  /** Connections that were opened so far. */
  readonly connections: number;
  /** Changes what it answers from now on. */
  answer(reply: Answering): void;
  /** Cuts all connections and takes no new ones, as a process that was killed. */
  kill(): Promise<void>;
}

export type Answering = Reply | ((request: Received) => Reply);

/** PEM texts of a server that speaks TLS. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Authority of the certificates that clients must show. */
  readonly ca?: string;
  readonly requestCert?: boolean;
}

/** An HTTP server that answers each request with what it saw, as JSON; with `tls` an HTTPS one. */
export async function startHttp(
  name: string,
  answering: Answering = {},
  tls?: TlsFiles,
): Promise<HttpBackend> {
  const received: Received[] = [];
  const numbers = new WeakMap<Socket, number>();
  let connections = 0;
  let current = answering;
  const server: Server = tls ? createTlsServer({ ...tls }) : createServer();
  server.keepAliveTimeout = 60_000;
  const { kill, port } = await serve(server);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections++;
    numbers.set(socket, connections);
  });
  server.on('request', async (message, response) => {
    const request = await readRequest(name, message, numbers.get(message.socket) ?? 0);
    received.push(request);
    const reply = typeof current === 'function' ? current(request) : current;
    if (reply.delay) await new Promise((resolve) => setTimeout(resolve, reply.delay));
    await reply.until;
    if (reply.hangUp) return message.socket.destroy();
    const body = Buffer.from(reply.body ?? JSON.stringify(request));
    const headers = { 'content-type': 'application/json', ...reply.headers };
    response.writeHead(reply.status ?? 200, { ...headers, 'content-length': body.length });
    return response.end(body);
  });
  return {
    name,
    port,
    address: `127.0.0.1:${port}`,
    received,
    get connections() {
      return connections;
    },
    answer: (reply) => void (current = reply),
    kill,
  };
}

/** Several of them, named a, b, c … */
export function startAll(names: readonly string[]): Promise<HttpBackend[]> {
  return Promise.all(names.map((name) => startHttp(name)));
}

async function readRequest(name: string, message: IncomingMessage, connection: number): Promise<Received> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    // the other side went away in the middle: what came is all there is
  }
  const { method = '', url = '', headers, httpVersion } = message;
  return {
    name,
    method,
    url,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
    line: `${method} ${url} HTTP/${httpVersion}`,
    connection,
  };
}

/** What a server of `startHttp` saw, out of an answer that went through the balancer. */
export function seen({ body }: { readonly body: string }): Received {
  return JSON.parse(body) as Received;
}

/** How many answers came from each server. */
export function shares(answers: readonly { readonly body: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const { name } = seen(answer);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Listens on a free port of this machine and ends with the tests. */
export async function serve(server: NetServer): Promise<{ port: number; kill: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kill = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  atEnd(() => (server.listening ? kill() : undefined));
  return { port: (server.address() as AddressInfo).port, kill };
}
