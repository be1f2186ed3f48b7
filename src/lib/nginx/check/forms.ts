import type { Word } from '../syntax/tree.ts';
import { shapesOf } from '../directives/knowledge.ts';
import { isAddressWithPort, isNetwork } from './address.ts';
import { usePath } from './paths.ts';
import { variablesIn } from './script.ts';
import { parseNumber, parseOffset, parseSize, parseTime } from './values.ts';
import type { Check, Visit } from './visit.ts';

const SIZE = 'a size is a number with k or m behind it, such as 16k';
const TIME = 'a time is a number with ms, s, m, h, d or w behind it, such as 30s';

const checks = new Map<string, Check | undefined>();

/** The check for a form of data/nginx/forms.json; undefined for one that takes anything. */
export function checkOfForm(form: string): Check | undefined {
  if (!checks.has(form)) checks.set(form, makeCheck(form));
  return checks.get(form);
}

function makeCheck(form: string): Check | undefined {
  const [kind = '', ...values] = form.split(' ');
  switch (kind) {
    case 'num':
      return values.length === 0 ? number : bounded(Number(values[0]), Number(values[1]));
    case 'power':
      return power;
    case 'size':
      return values.length === 0 ? CHECKS[kind] : sizeFrom(Number(values[0]));
    case 'enum':
      return oneOf(values);
    case 'bits':
      return anyOf(values);
    default:
      return CHECKS[form];
  }
}

/** `on` or `off`, once a block. */
export const flag: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  const value = word.value.toLowerCase();
  if (value !== 'on' && value !== 'off') {
    visit.fault('syntax/value', `${visit.directive.name} is either on or off, not ${shown(word)}`, word);
  }
};

function sizeFrom(least: number): Check {
  const parse = (text: string): number | undefined => {
    const size = parseSize(text);
    return size !== undefined && size >= least ? size : undefined;
  };
  return measured(parse, `a size of at least ${least} bytes`, SIZE);
}

const power: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  const value = parseNumber(word.value);
  if (!value || !Number.isInteger(Math.log2(value))) badValue(visit, word, 'a power of two');
};

const number: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (parseNumber(word.value) === undefined) badValue(visit, word, 'a number', 'it consists of digits alone');
};

function bounded(least: number, greatest: number): Check {
  return (visit) => {
    if (!visit.once()) return;
    const word = visit.words[1]!;
    const value = parseNumber(word.value);
    if (value === undefined || value < least || value > greatest)
      badValue(visit, word, `a number from ${least} to ${greatest}`);
  };
}

function measured(parse: (text: string) => number | undefined, what: string, hint: string): Check {
  return (visit) => {
    if (!visit.once()) return;
    const word = visit.words[1]!;
    if (parse(word.value) === undefined) badValue(visit, word, what, hint);
  };
}

/** Values that may have `@version` behind them are known from that release on. */
function known(values: readonly string[]): string[] {
  return values.map((value) => value.split('@')[0]!);
}

function oneOf(values: readonly string[]): Check {
  const names = known(values);
  return (visit) => {
    if (visit.once()) listed(visit, visit.words[1]!, names);
  };
}

function anyOf(values: readonly string[]): Check {
  const names = known(values);
  return (visit) => {
    const { level, directive, site } = visit;
    // NGINX adds up what several of one name say
    level.add(directive.name, site);
    for (const word of visit.words.slice(1)) {
      if (!listed(visit, word, names)) return;
      level.add(`${directive.name} ${word.value.toLowerCase()}`, site);
    }
  };
}

function listed(visit: Visit, word: Word, names: readonly string[]): boolean {
  const value = word.value.toLowerCase();
  if (names.some((name) => name.toLowerCase() === value)) return true;
  const close = visit.near(word.value, names);
  visit.fault('syntax/value', `${visit.directive.name} does not know ${shown(word)}`, word, {
    hint: close === undefined ? `it knows ${names.join(', ')}` : `did you mean ${close}?`,
  });
  return false;
}

const CHECKS: Readonly<Record<string, Check>> = {
  flag,
  size: measured(parseSize, 'a size', SIZE),
  network: (visit) => {
    const word = visit.words[1]!;
    if (!isNetwork(word.value)) badValue(visit, word, 'an address or a network');
  },
  off: measured(parseOffset, 'a size', 'a size is a number with k, m or g behind it, such as 10m'),
  msec: measured((text) => parseTime(text, 'ms'), 'a time', TIME),
  sec: measured((text) => parseTime(text, 's'), 'a time', TIME),
  str: (visit) => void visit.once(),
  value: (visit) => {
    if (visit.once()) variablesIn(visit, visit.words[1]!);
  },
  'value-size': (visit) => {
    if (!visit.once()) return;
    const word = visit.words[1]!;
    if (!variablesIn(visit, word) && parseSize(word.value) === undefined)
      badValue(visit, word, 'a size', SIZE);
  },
  predicates: (visit) => {
    for (const word of visit.words.slice(1)) variablesIn(visit, word);
  },
  bufs: (visit) => {
    if (!visit.once()) return;
    const [, count, size] = visit.words;
    if (!parseNumber(count!.value)) badValue(visit, count!, 'a number of buffers');
    else if (!parseSize(size!.value)) badValue(visit, size!, 'a size', SIZE);
  },
  pool: (visit) => {
    if (!visit.once()) return;
    const word = visit.words[1]!;
    const size = parseSize(word.value);
    if (size === undefined) badValue(visit, word, 'a size', SIZE);
    else if (size < 112 || size % 16 !== 0)
      badValue(visit, word, 'a size of at least 112 bytes that is a multiple of 16');
  },
  path: (visit) => {
    if (!visit.once()) return;
    const levels = visit.words.slice(2);
    const bad = levels.find(({ value }) => !parseNumber(value));
    const length = levels.reduce((sum, { value }) => sum + Number(value) + 1, 0);
    if (bad) badValue(visit, bad, 'a number of digits');
    else if (length > 10 + levels.length) badValue(visit, levels[0]!, 'at most ten digits in all levels');
    else usePath(visit, levels.map(({ value }) => value).join(' '));
  },
  access: (visit) => {
    if (!visit.once()) return;
    const bad = visit.words.slice(1).find(({ value }) => !/^(?:user|group|all):rw?$/u.test(value));
    if (bad) badValue(visit, bad, 'one of user:rw, group:rw, all:r and so on');
  },
  bind: (visit) => {
    if (!visit.once()) return;
    const [, address, parameter] = visit.words;
    if (parameter && parameter.value !== 'transparent')
      return badParameter(visit, parameter, ['transparent']);
    if (!parameter && address!.value === 'off') return;
    if (!variablesIn(visit, address!) && !isAddressWithPort(address!.value))
      badValue(visit, address!, 'an IP address, with or without a port');
  },
  cache_valid: (visit) => {
    const words = visit.words.slice(1);
    const time = words.at(-1)!;
    if (parseTime(time.value, 's') === undefined) return badValue(visit, time, 'a time', TIME);
    for (const word of words.slice(0, -1)) {
      const status = parseNumber(word.value);
      if (word.value !== 'any' && (status === undefined || status < 100 || status > 599))
        return badValue(visit, word, 'a status from 100 to 599, or any');
    }
  },
  params: (visit) => {
    const [, , value, third] = visit.words;
    if (value) variablesIn(visit, value);
    if (third && third.value !== 'if_not_empty') badParameter(visit, third, ['if_not_empty']);
  },
};

/** A word as a message shows it: long ones are cut. */
export function shown({ raw }: Word): string {
  return raw.length > 60 ? `${raw.slice(0, 57)}…` : raw;
}

/** Says that a value is not what it has to be. */
export function badValue(visit: Visit, word: Word, what: string, hint?: string): void {
  const found = word.value === '' ? 'an empty text' : shown(word);
  visit.fault('syntax/value', `${visit.directive.name} takes ${what}, not ${found}`, word, { hint });
}

/** Says that a parameter is not known, with the nearest that is. */
export function badParameter(visit: Visit, word: Word, names: readonly string[]): void {
  if (swallowed(visit, word)) return;
  const name = word.value.split('=')[0]!;
  const close = visit.near(name, names);
  visit.fault('syntax/parameter', `${visit.directive.name} has no parameter ${shown(word)}`, word, {
    hint: close === undefined ? `it has ${names.join(', ')}` : `did you mean ${close}?`,
  });
}

/** Whether a word is the next line's directive, swallowed as the `;` in front of it is missing; told where it is. */
function swallowed(visit: Visit, word: Word): boolean {
  const before = visit.words[visit.words.indexOf(word) - 1];
  if (!before || !startsLine(visit.file.document.text, before, word)) return false;
  if (!shapesOf(word.value).some((shape) => (shape.contexts & visit.level.context) !== 0)) return false;
  missingSemicolon(visit, before);
  return true;
}

/** Whether a word is the first on its line, behind another one. */
export function startsLine(text: string, before: Word, word: Word): boolean {
  return text.slice(before.start + before.raw.length, word.start).includes('\n');
}

/** Says that a `;` is missing behind the last word of the directive at hand, at the end of that word. */
export function missingSemicolon(visit: Visit, last: Word): void {
  const { directive, file } = visit;
  const end = last.start + last.raw.length;
  const shownText = file.document.text.slice(directive.start, end).slice(0, 60);
  visit.faultAt(file, 'syntax/missing-semicolon', `; is missing behind ${shownText}`, end, end, {
    hint: `end the directive ${directive.name} with ;`,
  });
}
