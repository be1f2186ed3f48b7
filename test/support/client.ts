import { type Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';

export interface RequestOptions {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  /** Host header; over TLS also the name that is asked for. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** Authority to trust, in PEM form: speaks https. */
  readonly ca?: string;
  /** By default every request has a connection of its own. */
  readonly agent?: Agent;
  /** Local address to come from, such as 127.0.0.2. */
  readonly from?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Bytes of the body as they came. */
  readonly bytes: Buffer;
}

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT = 10_000;

/** Sends a request to this machine. Rejects where the connection fails or closes before a whole answer. */
export function request(options: RequestOptions): Promise<Answer> {
  const { port, path = '/', method = 'GET', host = 'localhost', headers, body, ca, from } = options;
  const send = ca === undefined ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const sent = send(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: {
          host,
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
        timeout: TIMEOUT,
        agent: options.agent ?? false,
        ...(from === undefined ? {} : { localAddress: from }),
        ...(ca === undefined ? {} : { ca, servername: host }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: bytes.toString('utf8'),
            bytes,
          });
        });
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Several requests, one after the other. */
export async function times(
  count: number,
  options: RequestOptions | ((index: number) => RequestOptions),
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index++)
    answers.push(await request(typeof options === 'function' ? options(index) : options));
  return answers;
}

export interface RawOptions {
  readonly port: number;
  /** Authority to trust: speaks TLS. */
  readonly ca?: string;
  readonly servername?: string;
  readonly alpn?: string[];
}

/** Opens a connection for tests that speak below HTTP. */
export function open(options: RawOptions): Promise<Socket | TLSSocket> {
  const { port, ca, servername = 'localhost', alpn } = options;
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', port };
    const socket =
      ca === undefined
        ? connect(target, () => resolve(socket))
        : tlsConnect(
            { ...target, ca, servername, ...(alpn === undefined ? {} : { ALPNProtocols: alpn }) },
            () => resolve(socket),
          );
    socket.once('error', reject);
    socket.setTimeout(TIMEOUT, () => socket.destroy());
  });
}

/** Sends bytes as they are and gives all that comes back until the other side closes or `enough` says so. */
export async function exchange(
  options: RawOptions,
  bytes: string | Uint8Array,
  enough: (received: string) => boolean = () => false,
): Promise<string> {
  const socket = await open(options);
  return new Promise((resolve) => {
    let received = '';
    const finish = (): void => {
      socket.destroy();
      resolve(received);
    };
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (enough(received)) finish();
    });
    socket.on('error', finish).on('close', finish).on('end', finish);
    socket.write(bytes);
  });
}
