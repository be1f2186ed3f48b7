import { UserError } from '../../errors.ts';
import type { Policy } from '../record.ts';
import { type AnswerWish, FLAGS, type HealthWish, type Wish } from './wanted.ts';

/** What each flag of answers stands for, and how one is written. */
const ANSWER_FLAGS = {
  simple: ['simple', 'ADDRESS'],
  latency: ['latency', 'REGION=ADDRESS'],
  geo: ['geolocation', 'LOCATION=ADDRESS'],
  weighted: ['weighted', 'NAME:WEIGHT=ADDRESS'],
  failover: ['failover', 'primary=ADDRESS'],
  multivalue: ['multivalue', 'ADDRESS'],
  geoproximity: ['geoproximity', 'REGION:BIAS=ADDRESS'],
  cidr: ['cidr', 'NAME:NETWORK,NETWORK=ADDRESS'],
} as const satisfies Record<string, readonly [Policy, string]>;

type Flag = keyof typeof ANSWER_FLAGS;

interface Given {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Whether records are given by flags, and not by lb.yaml. */
export function hasFlags({ lists }: Pick<Given, 'lists'>): boolean {
  return (Object.keys(ANSWER_FLAGS) as Flag[]).some((flag) => (lists[flag] ?? []).length > 0);
}

/**
 * What flags wish for.
 * @throws UserError `usage` with how a flag is written.
 */
export function wishOfFlags({ options, lists }: Given): Wish {
  const zone = textOf(options, 'zone', 'the hosted zone: --zone example.com');
  const name = textOf(options, 'name', 'the record: --name www.example.com');
  const used = (Object.keys(ANSWER_FLAGS) as Flag[]).filter((flag) => (lists[flag] ?? []).length > 0);
  const [flag, other] = used;
  if (flag === undefined)
    throw usage('no answers are given', 'give some, such as --latency us-east-1=192.0.2.1');
  if (other !== undefined)
    throw usage(
      `--${flag} and --${other} are given for one name, and a name has one routing policy`,
      'give the other records a name of their own, and lead there by =alias:NAME',
    );
  const [policy] = ANSWER_FLAGS[flag];
  const answers = lists[flag]!.map((text) => readAnswer(flag, text));
  const ttl = options['ttl'];
  return {
    zone,
    isPrivate: options['private'] === true,
    owner: FLAGS,
    names: [
      {
        name,
        policy,
        ttl: ttl === undefined ? undefined : numberOf('--ttl', String(ttl)),
        answers:
          policy === 'simple'
            ? [{ key: '', to: answers.flatMap(({ to }) => to), at: ['--simple'] }]
            : answers,
        health: options['health'] === undefined ? undefined : readHealth(String(options['health'])),
        at: [`--${flag}`],
      },
    ],
    regions: {},
    mustStay: {},
    authorities: [],
  };
}

function readAnswer(flag: Flag, text: string): AnswerWish {
  const [policy, form] = ANSWER_FLAGS[flag];
  const at = [`--${flag} ${text}`];
  const split = (addresses: string) => addresses.split(',').filter((part) => part !== '');
  if (policy === 'simple' || policy === 'multivalue') return { key: '', to: split(text), at };
  const [, key = '', to = ''] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  if (key === '') throw usage(`--${flag} ${text} is not ${form}`, `write it like this: --${flag} ${form}`);
  const answer = { to: split(to), at };
  if (policy === 'weighted') {
    const [, id, weight] = /^(.+):(\d+)$/u.exec(key) ?? [];
    if (id === undefined)
      throw usage(`--weighted ${text} has no weight`, `write it like this: --weighted ${form}`);
    return { ...answer, key: id, weight: Number(weight) };
  }
  if (policy === 'geoproximity') {
    const [, place = key, bias] = /^(.+):([+-]?\d+)$/u.exec(key) ?? [];
    return { ...answer, key: place, bias: bias === undefined ? undefined : Number(bias) };
  }
  if (policy === 'cidr' && key !== 'default') {
    const [, id, networks = ''] = /^([^:]+):(.+)$/u.exec(key) ?? [];
    if (id === undefined) throw usage(`--cidr ${text} has no networks`, `write it like this: --cidr ${form}`);
    return { ...answer, key: id, networks: split(networks) };
  }
  return { ...answer, key };
}

/** `https:443/healthz`, `http`, `tcp:25`, or the id of a health check. */
function readHealth(text: string): HealthWish | string {
  const [, protocol, port, path] = /^(https?|tcp)(?::(\d{1,5}))?(\/.*)?$/u.exec(text) ?? [];
  if (protocol === undefined) {
    if (/^[0-9a-f-]{36}$/u.test(text)) return text;
    throw usage(
      `--health ${text} says no way to ask`,
      'write it like this: --health https:443/healthz, or give the id of a health check',
    );
  }
  return {
    protocol: protocol as HealthWish['protocol'],
    port: port === undefined ? undefined : Number(port),
    path,
    interval: 30,
    threshold: 3,
  };
}

function textOf(options: Given['options'], name: string, what: string): string {
  const value = options[name];
  if (typeof value === 'string' && value !== '') return value;
  throw usage(`--${name} is missing`, `name ${what}`);
}

function numberOf(flag: string, text: string): number {
  if (/^\d{1,10}$/u.test(text)) return Number(text);
  throw usage(`${flag} ${text} is not a number of seconds`, `write it like this: ${flag} 60`);
}

function usage(message: string, hint: string): UserError {
  return new UserError('usage', 'bad-records', message, { hint });
}
