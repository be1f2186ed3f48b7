import { isIPv4, isIPv6 } from 'node:net';
import type { DomainEntry } from '@aws-sdk/client-lightsail';
import { invalid } from './refusal.ts';
import type { Domain } from './state.ts';

/** What a target must look like, by the type of record. */
const TARGETS: Readonly<Record<string, (target: string) => boolean>> = {
  A: isIPv4,
  AAAA: isIPv6,
  CNAME: isName,
  MX: (target) => /^\d+ /u.test(target),
  NS: isName,
  SOA: (target) => target.split(' ').length === 7,
  SRV: (target) => /^\d+ \d+ \d+ /u.test(target),
  // quotes are part of it
  TXT: (target) => /^"[^"]*"( "[^"]*")*$/u.test(target),
};

function isName(text: string): boolean {
  return /^[\w-]+(\.[\w-]+)*\.?$/u.test(text);
}

export function checkEntry({ name: zone }: Domain, { name, target, type, isAlias }: DomainEntry): void {
  if (name === undefined || target === undefined || type === undefined)
    throw invalid('A domain entry needs name, target and type');
  if (name !== zone && !name.endsWith(`.${zone}`)) throw invalid(`${name} is not in the domain ${zone}`);
  const isTarget = TARGETS[type];
  if (isTarget === undefined) throw invalid(`The type of a domain entry cannot be ${type}`);
  if (!isAlias && !isTarget(target)) throw invalid(`${target} is not a target for a record of type ${type}`);
}

export function sameEntry(one: DomainEntry, other: DomainEntry): boolean {
  return one.name === other.name && one.type === other.type && one.target === other.target;
}
