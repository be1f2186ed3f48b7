import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError, type Common } from './errors.ts';
import type { Call, Fault, Rule } from './faults.ts';
import { json } from './protocols/json.ts';
import type { Asked, Protocol, Received, Sent } from './protocols/protocol.ts';
import type { Rate } from './rate.ts';
import type { Context, Service } from './service.ts';
import { checkSignature, type Credentials, readScope, type Scope } from './signature.ts';

/** What answers depend on. */
interface World {
  readonly services: ReadonlyMap<string, Service>;
  readonly credentials: Credentials;
  readonly calls: Call[];
  readonly strike: (call: Readonly<Call>) => Rule | undefined;
  readonly rate: Rate;
  readonly allowed: () => readonly string[] | undefined;
  readonly now: () => Date;
}

const ACCOUNT = '111122223333';

/** Does what a request asks, if it may, and keeps that it came. */
export async function answerCall(world: World, request: Received): Promise<Sent | 'cut' | 'hung'> {
  const requestId = randomUUID();
  const scope = readScope(request);
  // nobody knows what language it would be told in: that of JSON is what most services speak
  if (typeof scope === 'string') return refuse(json(''), scope, requestId);
  const service = world.services.get(scope.service);
  if (service === undefined) return refuse(json(''), 'unknown key', requestId);
  const { protocol } = service;
  const wrong = checkSignature(request, scope, world.credentials);
  if (wrong !== undefined) return refuse(protocol, wrong, requestId);
  const stale = staleness(request.headers['x-amz-date']!, world.now());
  if (stale !== undefined) {
    const { status, code } = protocol.common('bad signature');
    return refuse(protocol, new AwsError(status, code, stale), requestId);
  }
  let asked: Asked;
  try {
    checkRegion(service, scope);
    asked = protocol.read(request);
  } catch (error) {
    return refuse(protocol, error, requestId);
  }
  const call = begin(service, scope, request, asked);
  world.calls.push(call);
  const answer = await go(world, service, call, requestId).catch((error: unknown) => {
    call.outcome = outcomeOf(protocol, error);
    return refuse(protocol, error, requestId);
  });
  return answer;
}

/** Minutes by which a signature may be off ("Elements of an AWS API request signature"). */
const TAKEN = 5;

/** Why a signature is refused by its time, in AWS's words. */
function staleness(date: string, now: Date): string | undefined {
  const text = (time: Date): string => time.toISOString().replaceAll(/[-:]|\.\d+/gu, '');
  const [, day, hour, minute, second] = /^(\d{8})T(\d{2})(\d{2})(\d{2})Z$/u.exec(date) ?? [];
  const [year, month, of] = [day?.slice(0, 4), day?.slice(4, 6), day?.slice(6)];
  const signed = Date.parse(`${year}-${month}-${of}T${hour}:${minute}:${second}Z`);
  const bound = (minutes: number): string => text(new Date(now.getTime() + minutes * 60_000));
  if (signed < now.getTime() - TAKEN * 60_000)
    return `Signature expired: ${date} is now earlier than ${bound(-TAKEN)} (${text(now)} - ${TAKEN} min.)`;
  if (signed > now.getTime() + TAKEN * 60_000)
    return `Signature not yet current: ${date} is still later than ${bound(TAKEN)} (${text(now)} + ${TAKEN} min.)`;
  return undefined;
}

function checkRegion({ regions, protocol }: Service, { region }: Scope): void {
  if (regions === undefined || regions.includes(region)) return;
  const { status, code } = protocol.common('bad signature');
  throw new AwsError(status, code, `Credential should be scoped to a valid region.`);
}

function begin(service: Service, { region }: Scope, { headers }: Received, asked: Asked): Call {
  return {
    service: service.name,
    region,
    operation: asked.operation,
    input: asked.input,
    mutating: service.mutates(asked.operation) ?? false,
    at: Date.now(),
    attempt: Number(/attempt=(\d+)/u.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1),
    outcome: undefined,
    done: false,
  };
}

async function go(
  world: World,
  service: Service,
  call: Call,
  requestId: string,
): Promise<Sent | 'cut' | 'hung'> {
  const { protocol } = service;
  if (!world.rate(`${call.service} ${call.region}`, call.at)) throw protocol.common('throttled');
  const action = `${call.service}:${service.action(call.operation)}`;
  if (!isAllowed(action, world.allowed())) throw notAllowed(protocol, call);
  const rule = world.strike(call);
  const fault = rule?.fault;
  const lost = fault === 'denied' ? notAllowed(protocol, call) : await before(fault, protocol);
  if (lost === undefined) {
    const context: Context = { region: call.region, account: ACCOUNT, requestId, now: world.now() };
    const behind = typeof fault === 'object' && 'behind' in fault ? fault.behind : 0;
    const output = service.call(call.operation, call.input, context, behind);
    call.done = true;
    await service.settled?.();
    call.outcome = 'OK';
    rule?.onStrike?.(call);
    return after(fault, protocol, call) ?? protocol.answer(output, requestId);
  }
  rule?.onStrike?.(call);
  if (typeof lost === 'object') throw lost;
  call.outcome = lost;
  return lost;
}

/** What comes in between before the operation is done. */
async function before(
  fault: Fault | undefined,
  protocol: Protocol,
): Promise<AwsError | 'cut' | 'hung' | undefined> {
  if (fault === undefined) return undefined;
  if (typeof fault === 'object') {
    if ('error' in fault) return fault.error;
    if ('slow' in fault) await sleep(fault.slow);
    return undefined;
  }
  if (fault === 'cut before') return 'cut';
  if (fault === 'hang before') return 'hung';
  return fault.endsWith(' after') ? undefined : protocol.common(fault as Common);
}

function after(fault: Fault | undefined, protocol: Protocol, call: Call): 'cut' | 'hung' | undefined {
  if (fault === 'internal after') throw protocol.common('internal');
  if (fault !== 'cut after' && fault !== 'hang after') return undefined;
  call.outcome = fault === 'cut after' ? 'cut' : 'hung';
  return call.outcome as 'cut' | 'hung';
}

function isAllowed(action: string, actions: readonly string[] | undefined): boolean {
  if (actions === undefined) return true;
  return actions.some((allowed) =>
    new RegExp(`^${allowed.toLowerCase().replaceAll('*', '.*')}$`, 'u').test(action.toLowerCase()),
  );
}

function notAllowed(protocol: Protocol, { service, operation, region }: Call): AwsError {
  const { status, code } = protocol.common('denied');
  const action = `${service}:${operation}`;
  const resource = `arn:aws:${service}:${region}:${ACCOUNT}:*`;
  return new AwsError(
    status,
    code,
    `User: arn:aws:iam::${ACCOUNT}:user/tests is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}

function outcomeOf(protocol: Protocol, error: unknown): string {
  return error instanceof AwsError ? error.code : protocol.common('internal').code;
}

/** Anything but an AwsError is a defect of the fake: it is told, for the test to find. */
function refuse(protocol: Protocol, error: unknown, requestId: string): Sent {
  if (typeof error === 'string') return protocol.refuse(protocol.common(error as Common), requestId);
  if (error instanceof AwsError) return protocol.refuse(error, requestId);
  const { status, code } = protocol.common('internal');
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return protocol.refuse(new AwsError(status, code, `the fake: ${text}`), requestId);
}
