import { canonical } from '../names.ts';
import { groupOf, type RecordSet } from '../record.ts';

/** Something wrong in a line. */
interface BindFault {
  readonly line: number;
  readonly message: string;
}

const CLASSES = new Set(['IN', 'CH', 'HS', 'CS']);
const TYPES = new Set([
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DS',
  'HTTPS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TLSA',
  'TXT',
]);
/** Types whose last word is a name, which may be relative. */
const NAMED = new Set(['CNAME', 'MX', 'NS', 'PTR', 'SRV']);
/** Seconds in the units of BIND. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds where neither the line nor `$TTL` says it. */
const TTL = 300;

/**
 * Reads a zone file (RFC 1035, section 5): `$ORIGIN`, `$TTL`, parentheses, comments, names that are left out or relative.
 * @param zone where names are relative to, until `$ORIGIN` says otherwise.
 */
export function readBind(
  text: string,
  zone: string,
): { readonly sets: readonly RecordSet[]; readonly faults: readonly BindFault[] } {
  const faults: BindFault[] = [];
  const found = new Map<string, RecordSet>();
  let [origin, ttl, owner] = [canonical(zone), TTL, canonical(zone)];
  const absolute = (name: string): string => {
    if (name === '@') return origin;
    return canonical(name.endsWith('.') ? name : `${name}.${origin}`);
  };
  for (const { words, line, isIndented } of statements(text)) {
    const fault = (message: string): void => void faults.push({ line, message });
    const [first = '', second = ''] = words;
    if (first === '$ORIGIN') origin = absolute(second);
    else if (first === '$TTL') ttl = secondsOf(second) ?? ttl;
    else if (first.startsWith('$')) fault(`${first} is not read; write the records out`);
    else {
      const rest = [...words];
      if (!isIndented) owner = absolute(rest.shift()!);
      let own = ttl;
      // time and class come in either order
      while (rest.length > 0 && !TYPES.has(rest[0]!.toUpperCase())) {
        const word = rest.shift()!;
        const seconds = secondsOf(word);
        if (seconds !== undefined) own = seconds;
        else if (!CLASSES.has(word.toUpperCase())) {
          fault(`${JSON.stringify(word)} is no time, no class and no type of record`);
          rest.length = 0;
        }
      }
      const type = rest.shift()?.toUpperCase();
      if (type === undefined) {
        if (faults.at(-1)?.line !== line) fault('the record has no type');
        continue;
      }
      if (rest.length === 0) {
        fault(`the ${type} record has no value`);
        continue;
      }
      if (NAMED.has(type)) rest.push(absolute(rest.pop()!));
      add(found, { Name: owner, Type: type, TTL: own }, rest.join(' '));
    }
  }
  return { sets: [...found.values()], faults };
}

function add(found: Map<string, RecordSet>, set: RecordSet, value: string): void {
  const key = groupOf(set);
  const there = found.get(key);
  const records = [...(there?.ResourceRecords ?? []), { Value: value }];
  found.set(key, { ...(there ?? set), ResourceRecords: records });
}

/** `3600`, `1h`, `1h30m`; undefined for anything else. */
function secondsOf(word: string): number | undefined {
  if (/^\d{1,10}$/u.test(word)) return Number(word);
  if (!/^(?:\d{1,6}[smhdw])+$/iu.test(word)) return undefined;
  return [...word.matchAll(/(\d+)([a-z])/giu)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit!.toLowerCase()]!,
    0,
  );
}

interface Statement {
  readonly words: readonly string[];
  /** Where it begins. */
  readonly line: number;
  /** Whether it goes on with the name before. */
  readonly isIndented: boolean;
}

/** Lines with those that parentheses join to them, in words; text in quotes is one, quotes and all. */
function statements(text: string): readonly Statement[] {
  const result: Statement[] = [];
  let words: string[] = [];
  let [begin, depth, isIndented] = [1, 0, false];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (depth === 0) [words, begin, isIndented] = [[], index + 1, /^\s/u.test(line)];
    for (const [word] of line.matchAll(/"(?:[^"\\]|\\.)*"?|;.*|[()]|[^\s;()"]+/gu)) {
      if (word.startsWith(';')) break;
      if (word === '(') depth++;
      else if (word === ')') depth = Math.max(0, depth - 1);
      else words.push(word);
    }
    if (depth === 0 && words.length > 0) result.push({ words, line: begin, isIndented });
  }
  return result;
}
