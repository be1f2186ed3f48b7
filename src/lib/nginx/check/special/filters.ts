import { badParameter, badValue } from '../forms.ts';
import { useRegularExpression } from '../patterns.ts';
import { useVariable, variablesIn } from '../script.ts';
import { parseNumber, parseSize, parseTime } from '../values.ts';
import type { Check } from '../visit.ts';

export const gzipDisable: Check = (visit) => {
  for (const word of visit.words.slice(1))
    if (
      word.value !== 'msie6' &&
      useRegularExpression(visit, word, word.value, { variables: false }) === undefined
    )
      return;
};

export const addHeader: Check = (visit) => {
  const [, , value, always] = visit.words;
  variablesIn(visit, value!);
  if (always && always.value !== 'always') badParameter(visit, always, ['always']);
};

export const expires: Check = (visit) => {
  if (!visit.once()) return;
  const [, first, second] = visit.words;
  if (second && first!.value !== 'modified') return badValue(visit, first!, 'modified in front of a time');
  const word = second ?? first!;
  if (variablesIn(visit, word)) return;
  if (!second && /^(?:epoch|max|off)$/u.test(word.value)) return;
  const daily = word.value.startsWith('@');
  const seconds = parseTime(word.value.replace(/^[@+-]/u, ''), 's');
  if (seconds === undefined) badValue(visit, word, 'a time, epoch, max or off');
  else if (daily && (second || seconds > 86_400))
    badValue(visit, word, 'a time of day of up to 24 hours behind @');
};

export const subFilter: Check = (visit) => {
  const [, from, to] = visit.words;
  if (from!.value === '')
    return visit.fault('syntax/value', 'sub_filter has an empty text to look for', from);
  variablesIn(visit, from!);
  variablesIn(visit, to!);
};

export const charset: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (word.value.startsWith('$')) useVariable(visit, word, word.value.slice(1));
};

export const useridExpires: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (word.value !== 'max' && word.value !== 'off' && parseTime(word.value, 's') === undefined)
    badValue(visit, word, 'a time, max or off');
};

export const useridMark: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (word.value !== 'off' && !/^[A-Za-z0-9=]$/u.test(word.value))
    badValue(visit, word, 'off, or one letter, digit or =');
};

export const imageQuality: Check = (visit) => {
  const word = visit.words[1]!;
  if (!variablesIn(visit, word) && !parseNumber(word.value)) badValue(visit, word, 'a number from 1 to 100');
};

/** NGINX takes whatever is no number for 0. */
export const imageSharpen: Check = (visit) => {
  const word = visit.words[1]!;
  if (!variablesIn(visit, word) && word.value === '-') badValue(visit, word, 'a number of percent');
};

export const imageFilter: Check = (visit) => {
  const [, kind, first, second] = visit.words;
  const { length } = visit.words;
  const known = { 2: ['off', 'test', 'size'], 3: ['rotate'], 4: ['resize', 'crop'] }[length] ?? [];
  if (!known.includes(kind!.value)) return badParameter(visit, kind!, known);
  for (const word of [first, second]) {
    if (!word || variablesIn(visit, word)) continue;
    const valid =
      length === 3
        ? /^0*(?:90|180|270)$/u.test(word.value)
        : word.value === '-' || Boolean(parseNumber(word.value));
    if (!valid) return badValue(visit, word, length === 3 ? '90, 180 or 270' : 'a number of pixels or -');
  }
};

const BROWSERS = /^(?:msie|gecko|opera|safari|konqueror)$/iu;

export const modernBrowser: Check = (visit) => {
  const [, browser, version] = visit.words;
  if (!version) {
    if (browser!.value !== 'unlisted') badParameter(visit, browser!, ['unlisted']);
  } else if (!BROWSERS.test(browser!.value)) {
    badValue(visit, browser!, 'msie, gecko, opera, safari or konqueror');
  } else if (!/^[\d.]*$/u.test(version.value)) {
    badValue(visit, version, 'a version such as 5.5');
  }
};

const sizeThat =
  (fits: (size: number) => boolean, what: string): Check =>
  (visit) => {
    if (!visit.once()) return;
    const word = visit.words[1]!;
    const size = parseSize(word.value);
    if (size === undefined || !fits(size)) badValue(visit, word, what);
  };

export const gzipWindow = sizeThat(
  (size) => [512, 1024, 2048, 4096, 8192, 16_384, 32_768].includes(size),
  '512, 1k, 2k, 4k, 8k, 16k or 32k',
);

export const gzipHash = sizeThat(
  (size) => [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072].includes(size),
  '512, or 1k to 128k by powers of two',
);
