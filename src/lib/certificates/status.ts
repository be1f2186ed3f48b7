import { alike } from '../release/alike.ts';
import { distance } from './expiry.ts';
import type { Held, HeldCertificate } from './observe.ts';
import { type Holder, problemsOf } from './plan.ts';
import type { Wanted } from './wanted.ts';

/** What `lbctl status` tells of a certificate on a node. */
export interface CertificateStatus {
  /** Listener that shows it. */
  readonly name: string;
  readonly node: string;
  readonly hosts: readonly string[];
  /** Who gave it; null where no authority has yet. */
  readonly issuer: string | null;
  readonly until: Date;
}

interface Told {
  readonly certificates: readonly CertificateStatus[];
  readonly remarks: readonly string[];
}

/** What there is to tell of certificates that nodes get for themselves. */
export function tellCertificates(holders: readonly Holder[], wanted: readonly Wanted[], now: Date): Told {
  const found = holders.flatMap(({ name: node, held }) =>
    wanted.flatMap((one) => remarksOn(held, one, now).map((text) => ({ node, text }))),
  );
  const timers =
    wanted.length === 0
      ? []
      : holders.flatMap(({ name: node, held }) => standstill(held).map((text) => ({ node, text })));
  return {
    certificates: holders.flatMap(({ name: node, held }) =>
      held.certificates
        .filter(({ name }) => wanted.some((one) => one.name === name))
        .map(({ name, hosts, issued, issuer, until }) => ({
          name,
          node,
          hosts,
          issuer: issued ? issuer : null,
          until,
        })),
    ),
    remarks: alike([...found, ...timers], ({ text }) => text).map((same) => {
      const nodes = [...new Set(same.map(({ node }) => node))];
      return holders.length === 1 ? same[0].text : `${nodes.join(', ')}: ${same[0].text}`;
    }),
  };
}

/** Why nothing is renewed there. */
function standstill({ certbot, timer }: Held): string[] {
  if (!certbot) return ['nothing renews certificates there, as certbot is not installed'];
  return TIMERS[timer] === undefined ? [] : [TIMERS[timer]];
}

const TIMERS: Readonly<Partial<Record<Held['timer'], string>>> = {
  none: 'nothing renews certificates there: lbctl up sets it up',
  impossible: 'nothing renews certificates there, as it has neither systemd nor cron',
};

function remarksOn(held: Held, wanted: Wanted, now: Date): string[] {
  const { name } = wanted;
  const has = held.certificates.find((one) => one.name === name);
  const failure = held.failures.get(name);
  const because = failure ? ` (${distance(failure.time, now)}: ${reasonIn(failure.lines)})` : '';
  if (!has) return [];
  if (!has.issued)
    return [
      `listener ${name} shows a certificate that nobody trusts, as no authority has given one${because}; lbctl up asks`,
    ];
  const problems = problemsOf(has, wanted, now).map((text) => `certificate ${name}: ${text}`);
  if (problems.length > 0) return [`${problems.join('; ')}${because}; lbctl up sees to it`];
  return failure ? [`certificate ${name} was not renewed${because}; it is good ${untilOf(has, now)}`] : [];
}

function untilOf({ until }: HeldCertificate, now: Date): string {
  return `until ${until.toISOString().slice(0, 10)}, ${distance(until, now)}`;
}

/** The authority's own words where it has said something, else the last of what was said. */
function reasonIn(lines: readonly string[]): string {
  const told = lines.map((line) => line.trim()).filter((line) => line !== '');
  const detail = told.find((line) => line.startsWith('Detail: '))?.slice('Detail: '.length);
  const domain = told.find((line) => line.startsWith('Domain: '))?.slice('Domain: '.length);
  return detail === undefined ? (told.at(-1) ?? 'it is not known why') : `${domain}: ${detail}`;
}
