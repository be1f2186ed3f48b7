import { nodeFailure } from '../release/failure.ts';
import type { Node } from '../release/node/place.ts';
import { partsOf } from '../release/node/words.ts';
import { callCertificates } from './node/call.ts';

/** A certificate as it lies on a node. */
export interface HeldCertificate {
  readonly name: string;
  /** Whether an authority gave it; else it stands in until one does. */
  readonly issued: boolean;
  readonly from: Date;
  readonly until: Date;
  /** Whether NGINX was told to take it. */
  readonly taken: boolean;
  /** Directory of the authority; empty where none gave it. */
  readonly directory: string;
  /** First 32 hexadecimal digits of its SHA-256. */
  readonly fingerprint: string;
  readonly issuer: string;
  /** `ecdsa` or `rsa`; empty for another one. */
  readonly keyType: string;
  readonly hosts: readonly string[];
}

/** The last time that it did not go as it should. */
interface Failure {
  readonly time: Date;
  readonly lines: readonly string[];
}

/** What a node tells of its certificates. */
export interface Held {
  readonly certbot: boolean;
  /** What renews: `impossible` where the node has nothing that could. */
  readonly timer: 'systemd' | 'cron' | 'none' | 'impossible';
  /** SHA-256 of the script that the timer runs; empty where there is none. */
  readonly script: string;
  readonly addresses: readonly string[];
  /** The other nodes, as they were met last. */
  readonly met: string;
  readonly certificates: readonly HeldCertificate[];
  /** Settings of those that are renewed, by name. */
  readonly asked: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly failures: ReadonlyMap<string, Failure>;
}

/** What a node tells that is still to be made. */
export const NOTHING: Held = {
  certbot: true,
  timer: 'none',
  script: '',
  addresses: [],
  met: '',
  certificates: [],
  asked: new Map(),
  failures: new Map(),
};

/** Asks a node; changes nothing. */
export async function observeCertificates(node: Node): Promise<Held> {
  const ran = await callCertificates(node, 'observe');
  if (ran.code !== 0) throw nodeFailure(node, ran);
  return readHeld(ran.stdout);
}

/** Reads what `certificates.sh observe` says. */
export function readHeld(said: string): Held {
  const first = (word: string): string => partsOf(said, word)[0]?.[0] ?? '';
  const failures = new Map<string, string[]>();
  for (const [name = '', line = ''] of partsOf(said, 'failure'))
    failures.set(name, [...(failures.get(name) ?? []), line]);
  return {
    certbot: first('certbot') !== '',
    timer: TIMERS.find((timer) => timer === first('timer')) ?? 'none',
    script: first('script'),
    addresses: partsOf(said, 'address').map(([address = '']) => address),
    met: first('met'),
    certificates: partsOf(said, 'certificate').map(readCertificate),
    asked: new Map(partsOf(said, 'asked').map(([name = '', ...pairs]) => [name, readPairs(pairs)])),
    failures: new Map([...failures].map(([name, [time, ...lines]]) => [name, { time: dateOf(time), lines }])),
  };
}

const TIMERS = ['systemd', 'cron', 'none', 'impossible'] as const;

function readCertificate([
  name = '',
  state,
  from,
  until,
  taken,
  directory = '',
  fingerprint = '',
  issuer = '',
  keyType = '',
  hosts = '',
]: readonly string[]): HeldCertificate {
  return {
    name,
    issued: state === 'issued',
    from: dateOf(from),
    until: dateOf(until),
    taken: taken === 'yes',
    directory,
    fingerprint,
    issuer,
    keyType,
    hosts: hosts.split(' ').filter((host) => host !== ''),
  };
}

function readPairs(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.flatMap((pair) => {
      const [, key, value] = /^(\w+)=(.*)$/u.exec(pair) ?? [];
      return key === undefined ? [] : [[key, value ?? ''] as const];
    }),
  );
}

/** A date by its seconds since 1970; 1970 where it is none. */
function dateOf(seconds: string | undefined): Date {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}
