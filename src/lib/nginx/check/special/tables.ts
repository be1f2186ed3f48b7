import { atLeast } from '../../version.ts';
import { isNetwork, parseIPv4 } from '../address.ts';
import { isHashable } from '../hashes.ts';
import { shown } from '../forms.ts';
import { useRegularExpression } from '../patterns.ts';
import { useVariable, variablesIn } from '../script.ts';
import { defineVariable } from '../variables.ts';
import type { Check, Visit } from '../visit.ts';

/** A block whose lines are no directives: each line is looked at by `entry`, and the whole by `end`. */
export interface Table {
  readonly entry: Check;
  readonly end?: Check;
}

/** Looks at the head of a block that is a table. */
export type TableCheck = (visit: Visit) => Table;

export const types: TableCheck = () => ({
  entry: (visit) => {
    for (const word of visit.words.slice(1)) keyFits(visit, word, word.value, 'types');
  },
});

/** A key that is longer than a bucket of its table stops NGINX. */
function keyFits(visit: Visit, word: Visit['words'][number], key: string, table: 'map' | 'types'): void {
  if (key.length < 40) return;
  const size = Number(visit.level.effective(`${table}_hash_bucket_size`)?.directive.words[1]?.value) || 64;
  if (isHashable(key, size)) return;
  visit.fault('syntax/hash', `${shown(word)} is longer than the table of ${table} takes`, word, {
    hint: `add ${table}_hash_bucket_size ${size <= 64 ? 128 : 256}; to the http block, in front of this one`,
  });
}

export const map: TableCheck = (visit) => {
  const [, source, name] = visit.words;
  variablesIn(visit, source!);
  defineVariable(visit, name!);
  // the first map settles the size of the tables of all
  for (const setting of ['map_hash_bucket_size', 'map_hash_max_size']) visit.level.add(setting, visit.site);
  return { entry: mapEntry() };
};

function mapEntry(): Check {
  let hostnames = false;
  let hasDefault = false;
  const keys = new Set<string>();
  return (visit) => {
    const [key, value] = visit.words;
    const { length } = visit.words;
    if (length === 1 && (key!.value === 'hostnames' || key!.value === 'volatile')) {
      hostnames ||= key!.value === 'hostnames';
      return;
    }
    if (length !== 2) return wrongWidth(visit, 'a line of map has a key and a value');
    variablesIn(visit, value!);
    if (key!.value === 'default') {
      if (hasDefault) visit.fault('syntax/duplicate', 'there are two defaults in this map', key);
      hasDefault = true;
    } else if (key!.value.startsWith('~')) {
      useRegularExpression(visit, key!, key!.value.slice(key!.value[1] === '*' ? 2 : 1));
    } else {
      const text = key!.value.startsWith('\\') ? key!.value.slice(1) : key!.value;
      if (hostnames && !isHostname(text)) {
        visit.fault('syntax/value', `${shown(key!)} is no host name or wildcard`, key, {
          hint: 'a * stands at one end: *.example.com, .example.com or www.example.*',
        });
      } else if (isTaken(keys, text, hostnames)) {
        visit.fault('syntax/duplicate', `${shown(key!)} stands twice in this map`, key);
      } else if (!hostnames || !text.includes('*')) {
        keyFits(visit, key!, text, 'map');
      }
    }
  };
}

/** Whether NGINX's table of names takes a key as it is (ngx_hash_add_key). */
function isHostname(text: string): boolean {
  if (text.includes('\0') || text.includes('..')) return false;
  const stars = text.split('*').length - 1;
  if (stars > 1) return false;
  if (text.length > 1 && text.startsWith('.')) return stars === 0;
  if (stars === 0) return true;
  return text.length > 2 && (text.startsWith('*.') || text.endsWith('.*'));
}

/** NGINX compares without regard to case; `.name` is both the name and `*.name`. */
function isTaken(keys: Set<string>, text: string, hostnames: boolean): boolean {
  const key = text.toLowerCase();
  const forms = hostnames && key.length > 1 && key.startsWith('.') ? [key.slice(1), `*${key}`] : [key];
  const taken = forms.some((form) => keys.has(form));
  for (const form of forms) keys.add(form);
  return taken;
}

function wrongWidth(visit: Visit, what: string): void {
  visit.fault('syntax/argument-count', `${what}; here are ${visit.words.length} words`, visit.words[0]);
}

export const geo: TableCheck = (visit) => {
  const [, first, second] = visit.words;
  if (second && first!.value.startsWith('$')) useVariable(visit, first!, first!.value.slice(1));
  else if (second) visit.fault('syntax/variable', `${shown(first!)} is no variable`, first);
  defineVariable(visit, second ?? first!);
  const ranges: Range[] = [];
  return { entry: geoEntry(ranges), end: (outer) => overlaps(outer, ranges) };
};

interface Range {
  readonly word: Visit['words'][number];
  readonly file: Visit['file'];
  readonly start: number;
  readonly end: number;
}

function geoEntry(found: Range[]): Check {
  let ranges = false;
  let networks = false;
  return (visit) => {
    const [key, value] = visit.words;
    const { length } = visit.words;
    if (length === 1 && key!.value === 'ranges') {
      if (networks) visit.fault('syntax/value', 'ranges must be the first line of geo', key);
      ranges = true;
    } else if (length === 1 && key!.value === 'proxy_recursive') {
      return;
    } else if (length === 1 && key!.value === 'volatile' && atLeast(visit.target.version, '1.29.3')) {
      return;
    } else if (length !== 2) {
      wrongWidth(visit, 'a line of geo has a network and a value');
    } else if (key!.value === 'proxy') {
      if (!isGeoNetwork(value!.value)) visit.fault('syntax/value', `${shown(value!)} is no network`, value);
    } else if (key!.value === 'default') {
      networks ||= !ranges;
    } else {
      networks ||= !ranges;
      const word = key!.value === 'delete' ? value! : key!;
      const range = ranges ? rangeOf(word.value) : undefined;
      if (range && word === key) found.push({ word, file: visit.file, ...range });
      if (ranges ? !range : !isGeoNetwork(word.value)) {
        visit.fault(
          'syntax/value',
          `${shown(word)} is no ${ranges ? 'range of addresses' : 'network'}`,
          word,
          {
            hint: ranges ? 'such as 10.0.0.0-10.0.0.255' : 'such as 10.0.0.0/8 or 2001:db8::/32',
          },
        );
      }
    }
  };
}

function isGeoNetwork(text: string): boolean {
  return text === '255.255.255.255' || isNetwork(text);
}

/** Ranges may lie in each other, but not reach across an end; NGINX keeps them apart by their first two numbers. */
function overlaps(visit: Visit, ranges: readonly Range[]): void {
  const pieces = ranges.flatMap((range) => {
    const [first, last] = [Math.floor(range.start / 65_536), Math.floor(range.end / 65_536)];
    if (first === last) return [range];
    return [
      { ...range, end: first * 65_536 + 65_535 },
      { ...range, start: last * 65_536 },
    ];
  });
  const open: Range[] = [];
  for (const piece of pieces.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    while (open.length > 0 && open.at(-1)!.end < piece.start) open.pop();
    const outer = open.at(-1);
    if (outer && outer.end < piece.end) {
      const { word, file } = piece;
      visit.faultAt(
        file,
        'syntax/value',
        `${shown(word)} overlaps ${shown(outer.word)}`,
        word.start,
        word.start + word.raw.length,
        {
          hint: 'ranges may lie in each other, but not reach across an end',
        },
      );
    }
    open.push(piece);
  }
}

function rangeOf(text: string): { readonly start: number; readonly end: number } | undefined {
  const dash = text.indexOf('-');
  if (dash < 0) return undefined;
  const [start, end] = [text.slice(0, dash), text.slice(dash + 1)].map((part) => {
    const ip = parseIPv4(part);
    return ip === undefined || ip === '255.255.255.255'
      ? undefined
      : ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  });
  return start !== undefined && end !== undefined && start <= end ? { start, end } : undefined;
}

export const splitClients: TableCheck = (visit) => {
  const [, source, name] = visit.words;
  variablesIn(visit, source!);
  defineVariable(visit, name!);
  const head = visit.words[0]!;
  let total = 0;
  return {
    entry: (inner) => {
      const [share] = inner.words;
      if (share!.value === '*') {
        // NGINX counts the rest as everything
        total = Math.max(total, 10_000);
        return;
      }
      const match = /^(\d*)(?:\.(\d{0,2}))?%$/u.exec(share!.value);
      const hundredths = match ? Number(match[1] || '0') * 100 + Number((match[2] ?? '').padEnd(2, '0')) : 0;
      if (hundredths === 0) {
        inner.fault('syntax/value', `${shown(share!)} is no share`, share, {
          hint: 'such as 50% or 0.5%, or * for the rest',
        });
      }
      total += hundredths;
    },
    end: (outer) => {
      if (total > 10_000) outer.fault('syntax/value', 'the shares add up to more than 100%', head);
    },
  };
};

export const charsetMap: TableCheck = (visit) => {
  const [, from, to] = visit.words;
  const pair = [from!.value.toLowerCase(), to!.value.toLowerCase()].toSorted();
  if (pair[0] === pair[1]) visit.fault('syntax/value', `charset_map maps ${shown(from!)} to itself`, to);
  const before = visit.level.add(`charset_map ${pair.join(' ')}`, visit.site);
  if (before) {
    visit.fault('syntax/duplicate', `there are two charset_maps of ${pair.join(' and ')}`, undefined, {
      related: { message: 'the first one', site: before },
    });
  }
  const utf8 = to!.value.toLowerCase() === 'utf-8';
  return {
    entry: (inner) => {
      const [source, target] = inner.words;
      if (inner.words.length !== 2) return wrongWidth(inner, 'a line of charset_map has two codes');
      const bad = isByte(source!.value)
        ? (utf8 ? isBytes(target!.value) : isByte(target!.value))
          ? undefined
          : target
        : source;
      if (bad) inner.fault('syntax/value', `${shown(bad)} is no code in hexadecimal digits`, bad);
    },
  };
};

function isByte(text: string): boolean {
  return /^0*[\da-f]{1,2}$/iu.test(text);
}

/** A character of two or three bytes in UTF-8, in hexadecimal digits; NGINX passes over what stands behind it. */
function isBytes(text: string): boolean {
  return /^(?:(?:c[2-9a-f]|d[\da-f])[89a-f][\da-f]|(?:e0[abef]|e[1-9a-f][89a-f])[\da-f][89a-f][\da-f])(?:[\da-f]{2})*$/iu.test(
    text,
  );
}
