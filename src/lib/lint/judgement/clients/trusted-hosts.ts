import { automatonOf, matches } from '../../regex/automaton.ts';
import { samplesOf } from '../../regex/samples.ts';
import type { Pattern } from '../../regex/tree.ts';

/** What a browser writes: an Origin is a scheme and a host, a Referer has a path, `valid_referers` leaves the scheme out. */
type Written = 'origin' | 'referer' | 'without-scheme';

/**
 * An address of another's domain that a regular expression takes for one of its own; undefined where none was found.
 * Only such are looked for that somebody could really have.
 */
export function strangerOf(pattern: Pattern, written: Written): string | undefined {
  const automaton = automatonOf(pattern.root);
  if (!automaton || pattern.broken) return undefined;
  for (const sample of samplesOf(pattern.root)) {
    const [, scheme = '', host = ''] = /^((?:https?:)?(?:\/\/)?)([^/:?#]*)/iu.exec(sample) ?? [];
    const domain = domainOf(host.replace(/^\.+/u, ''));
    if (domain === undefined) continue;
    const start =
      written === 'without-scheme' ? '' : /^https?:\/\/$/iu.test(scheme) ? scheme.toLowerCase() : 'https://';
    const slash = written === 'origin' ? '' : '/';
    const found = strangers(host.replace(/^\.+/u, '').toLowerCase(), domain.toLowerCase(), start, slash).find(
      (one) => matches(automaton, one),
    );
    // one that takes everything is not meant to tell hosts apart
    if (found !== undefined && !matches(automaton, `${start}attacker.test${slash}`)) return found;
  }
  return undefined;
}

function strangers(host: string, domain: string, start: string, slash: string): string[] {
  const all = [
    `${start}${host}.attacker.test${slash}`,
    `${start}attacker${domain}${slash}`,
    `${start}attacker-${domain}${slash}`,
  ];
  for (let at = host.indexOf('.'); at >= 0; at = host.indexOf('.', at + 1)) {
    const other = `${host.slice(0, at)}x${host.slice(at + 1)}`;
    const itsDomain = domainOf(other);
    if (itsDomain !== undefined && itsDomain !== domain && lastLabel(other) === lastLabel(host))
      all.push(`${start}${other}${slash}`);
  }
  if (slash !== '')
    all.push(
      `${start}attacker.test/${host}`,
      `${start}attacker.test/${host}/`,
      `${start}attacker.test/?https://${host}/`,
    );
  return all;
}

/** Labels that stand in front of those of countries: `co.uk`, `com.au`. */
const SECOND_LEVEL = /^(?:ac|co|com|edu|gob|gov|govt|ne|net|or|org)$/u;

/** The part of a name that is bought: its last two labels, or three. */
function domainOf(host: string): string | undefined {
  const labels = host.split('.');
  if (labels.length < 2 || labels.some((label) => label === '') || !/^[a-z][a-z-]+$/iu.test(labels.at(-1)!))
    return undefined;
  const country = labels.at(-1)!.length === 2 && SECOND_LEVEL.test(labels.at(-2)!);
  if (country && labels.length < 3) return undefined;
  return labels.slice(country ? -3 : -2).join('.');
}

function lastLabel(host: string): string {
  return host.slice(host.lastIndexOf('.') + 1);
}
