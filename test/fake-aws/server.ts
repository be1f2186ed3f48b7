import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../support/lifetime.ts';
import { answerCall } from './answer.ts';
import { type Call, faults, type Rule, type Struck } from './faults.ts';
import type { Received, Sent } from './protocols/protocol.ts';
import { rateLimit } from './rate.ts';
import type { Service } from './service.ts';
import type { Credentials } from './signature.ts';

/** AWS on loopback, as far as the services that it was given go. */
export interface FakeAws {
  readonly url: string;
  readonly credentials: Credentials;
  /** Variables that lead a program here, and to no configuration of this machine. */
  readonly env: Readonly<Record<string, string>>;
  /** All that came and could be read, the oldest first. */
  readonly calls: readonly Call[];
  /** Calls that change things, and were done. */
  changes(): readonly Call[];
  fail(rule: Rule): Struck;
  /** Only these actions from now on, such as `lightsail:Get*`; all with undefined. */
  allow(actions: readonly string[] | undefined): void;
  /** All that there is, by service. */
  inventory(): Readonly<Record<string, unknown>>;
  /** The same for the same inventory. */
  digest(): string;
  close(): Promise<void>;
}

interface FakeAwsOptions {
  readonly credentials?: Credentials;
  /** Calls a second in each service and region; none is refused when left out. */
  readonly perSecond?: number;
  /** Milliseconds by which its clock is ahead of the one here, by which it judges signatures and tells the time. */
  readonly ahead?: number;
}

const CREDENTIALS = { accessKeyId: 'AKIAFAKEFAKEFAKEFAKE', secretAccessKey: 'secret/of+the/fake' };

/** Starts it; it ends with the tests of the file. */
export async function startFakeAws(
  services: readonly Service[],
  { credentials = CREDENTIALS, perSecond, ahead = 0 }: FakeAwsOptions = {},
): Promise<FakeAws> {
  const calls: Call[] = [];
  const { add, strike } = faults();
  let allowed: readonly string[] | undefined;
  const world = {
    services: new Map(services.map((service) => [service.name, service])),
    credentials,
    calls,
    strike,
    rate: perSecond === undefined ? () => true : rateLimit(perSecond),
    allowed: () => allowed,
    now: () => new Date(Date.now() + ahead),
  };
  const server = createServer((request, response) => {
    void read(request)
      .then((received) => answerCall(world, received))
      .then((answer) => send(response, answer, world.now()))
      // who asked has gone in between
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
  atEnd(close);
  const inventory = (): Record<string, unknown> =>
    Object.fromEntries(services.map((service) => [service.name, service.inventory()]));
  return {
    url,
    credentials,
    env: environment(url, credentials),
    calls,
    changes: () => calls.filter((call) => call.mutating && call.done),
    fail: add,
    allow: (actions) => void (allowed = actions),
    inventory,
    digest: () => createHash('sha256').update(JSON.stringify(inventory())).digest('hex'),
    close,
  };
}

function environment(url: string, credentials: Credentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [path, query = ''] = request.url!.split('?');
  const bytes = Buffer.concat(chunks);
  return {
    method: request.method!,
    path: path!,
    query,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]),
    ),
    body: bytes.toString('utf8'),
    bytes,
  };
}

function send(response: ServerResponse, answer: Sent | 'cut' | 'hung', now: Date): void {
  if (answer === 'cut') response.destroy();
  else if (answer !== 'hung')
    response.writeHead(answer.status, { date: now.toUTCString(), ...answer.headers }).end(answer.body);
}
