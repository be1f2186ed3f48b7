import { isIPv4, isIPv6 } from 'node:net';
import { type RecordSet, titleOf, valuesOf } from '../record.ts';
import { nameFault } from '../names.ts';
import { type Check, error, type Finding, forSets } from './check.ts';

/** Characters of a value (ChangeResourceRecordSets, ResourceRecord). */
const LONGEST = 4000;

/** What values of a type are like; types that are not here are taken as they are. */
const FORMS: Readonly<Record<string, readonly [is: (value: string) => boolean, what: string]>> = {
  A: [isIPv4, 'an IPv4 address'],
  AAAA: [isIPv6, 'an IPv6 address'],
  CNAME: [(value) => nameFault(value) === undefined, 'a host name'],
  NS: [(value) => nameFault(value) === undefined, 'a host name'],
  TXT: [
    (value) => /^"(?:[^"\\]|\\.){0,255}"(?: "(?:[^"\\]|\\.){0,255}")*$/u.test(value),
    'text in double quotes, 255 characters at most each',
  ],
  MX: [(value) => /^\d{1,5} \S+$/u.test(value), 'a priority and a host name'],
  SRV: [(value) => /^\d{1,5} \d{1,5} \d{1,5} \S+$/u.test(value), 'priority, weight, port and host name'],
  CAA: [(value) => /^\d{1,3} [a-z0-9]+ ".*"$/u.test(value), 'flags, a tag and a value in double quotes'],
};

/** Policies that give one answer a set: one value each (ResourceRecordSet, Region, Weight and MultiValueAnswer). */
const ONE: readonly (keyof RecordSet)[] = ['Region', 'Weight', 'MultiValueAnswer'];

export const values: Check = {
  id: 'values',
  summary: 'values are those of their type, and as many as the policy takes',
  find: forSets((set) => {
    const given = valuesOf(set);
    const title = titleOf(set);
    const [is, what] = FORMS[set.Type] ?? [() => true, ''];
    const faults: Omit<Finding, 'set'>[] = given
      .filter((value) => !is(value))
      .map((value) => error(`${title}: ${JSON.stringify(value)} is not ${what}`));
    for (const value of new Set(given.filter((value, index) => given.indexOf(value) !== index)))
      faults.push(error(`${title} has the value ${value} twice`));
    if (given.some((value) => value.length > LONGEST))
      faults.push(error(`${title} has a value of more than ${LONGEST} characters`));
    const one = ONE.find((field) => set[field] !== undefined);
    if (given.length > 1 && (one !== undefined || set.Type === 'CNAME'))
      faults.push(
        error(
          `${title} has ${given.length} values, and ${one === undefined ? 'a CNAME' : policyName(one)} has one`,
          one === undefined
            ? undefined
            : 'give the others records of a name of their own, and lead there by alias:NAME',
        ),
      );
    return faults;
  }),
};

function policyName(field: keyof RecordSet): string {
  if (field === 'Region') return 'a latency record';
  return field === 'Weight' ? 'a weighted record' : 'a multivalue record';
}
