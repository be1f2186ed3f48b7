import type { Word } from '../../syntax/tree.ts';
import { isNetwork } from '../address.ts';
import { badParameter, badValue, shown } from '../forms.ts';
import { readParameters } from '../parameters.ts';
import { useRegularExpression } from '../patterns.ts';
import { useVariable, variablesIn } from '../script.ts';
import { parseNumber, parseOffset, parseSize, parseTime } from '../values.ts';
import type { Check, Visit } from '../visit.ts';
import { placeOf } from './blocks.ts';

/** `root` and `alias`: one of them, once a block. */
export const root: Check = (visit) => {
  const { level, words, directive, site } = visit;
  const word = words[1]!;
  const before = level.own('root') ?? level.own('alias');
  if (before) {
    visit.fault(
      'syntax/duplicate',
      `${directive.name} stands behind ${before.directive.name} in the same block`,
      undefined,
      {
        hint: 'keep one of them',
        related: { message: 'the first one', site: before },
      },
    );
    return;
  }
  level.add(directive.name, site);
  if (directive.name === 'alias' && placeOf(level)?.kind === 'named')
    return visit.fault('syntax/context', 'alias cannot stand in a named location', undefined, {
      hint: 'use root',
    });
  const own = /\$\{?(document_root|realpath_root)\b/u.exec(word.value);
  if (own)
    return visit.fault(
      'syntax/variable',
      `$${own[1]} is made of ${directive.name} itself and cannot be used in it`,
      word,
    );
  variablesIn(visit, word);
};

export const serverName: Check = (visit) => {
  if (visit.scope === 'mail') return void visit.once();
  const { serverNames, level, site } = visit;
  const names = serverNames.get(level) ?? [];
  serverNames.set(level, names);
  for (const word of visit.words.slice(1)) {
    const { value } = word;
    names.push({ site, word });
    if (value.startsWith('~')) {
      if (value.length === 1) return visit.fault('syntax/regex', 'the regular expression is empty', word);
      if (useRegularExpression(visit, word, value.slice(1)) === undefined) return;
    } else if ((value.startsWith('*') && (value.length < 3 || value[1] !== '.')) || value === '.') {
      return visit.fault('syntax/value', `${shown(word)} is no server name`, word, {
        hint: 'a * stands at one end: *.example.com or www.example.*',
      });
    } else if (!isPlainName(value)) {
      // NGINX notices once the server shares its address with another one
      visit.here.oddNames.push({ site: visit.site, word, server: visit.level });
    }
  }
};

/** Whether the table of names takes it (ngx_hash_add_key with wildcards). */
function isPlainName(name: string): boolean {
  if (name.includes('..') || name.includes('\0')) return false;
  const stars = name.split('*').length - 1;
  if (stars === 0) return true;
  return stars === 1 && (name.startsWith('*.') || name.endsWith('.*')) && name.length > 2;
}

export const index: Check = (visit) => {
  for (const word of visit.words.slice(1)) {
    if (word.value === '') return visit.fault('syntax/value', 'an index cannot be empty', word);
    variablesIn(visit, word);
  }
};

export const keepaliveTimeout: Check = (visit) => {
  if (!visit.once()) return;
  const [, timeout, header] = visit.words;
  if (parseTime(timeout!.value, 'ms') === undefined)
    return badValue(visit, timeout!, 'a time', 'such as 75s');
  if (header && parseTime(header.value, 's') === undefined) badValue(visit, header, 'a time in seconds');
};

export const aio: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (/^(?:on|off|threads)$/u.test(word.value)) return;
  if (word.value.startsWith('threads=')) {
    if (!variablesIn(visit, word))
      visit.threadPools.uses.push({ site: visit.site, word, name: word.value.slice(8) });
  } else badValue(visit, word, 'on, off or threads');
};

export const directio: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (word.value !== 'off' && parseOffset(word.value) === undefined) badValue(visit, word, 'a size or off');
};

export const gzipDisable: Check = (visit) => {
  for (const word of visit.words.slice(1))
    if (
      word.value !== 'msie6' &&
      useRegularExpression(visit, word, word.value, { variables: false }) === undefined
    )
      return;
};

export const disableSymlinks: Check = (visit) => {
  if (!visit.once()) return;
  const found = readParameters(visit, 1, {
    off: true,
    on: true,
    if_not_owner: true,
    'from=': (value, word) => {
      variablesIn(visit, word, { text: value });
      return true;
    },
  });
  if (!found) return;
  const modes = ['off', 'on', 'if_not_owner'].filter((name) => found.has(name));
  if (modes.length === 0)
    return visit.fault('syntax/parameter', 'disable_symlinks must say on, off or if_not_owner');
  if (visit.words.length === 2) return;
  if (!found.has('from'))
    return visit.fault('syntax/parameter', 'disable_symlinks says one of on, off and if_not_owner');
  if (found.has('off')) visit.fault('syntax/parameter', 'from= has no meaning with off');
};

/** `allow` and `deny`. */
export const access: Check = (visit) => {
  const word = visit.words[1]!;
  if (word.value === 'all' || word.value === 'unix:' || isNetwork(word.value)) return;
  visit.fault(
    'syntax/value',
    `${visit.directive.name} takes an address, a network or all, not ${shown(word)}`,
    word,
    {
      hint: 'such as 10.0.0.0/8 or 2001:db8::/32; host names are not looked up here',
    },
  );
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

export const validReferers: Check = (visit) => {
  const { level } = visit;
  level.add('valid_referers', visit.site);
  for (const word of visit.words.slice(1)) {
    const { value } = word;
    if (value === 'none' || value === 'blocked') {
      level.count('missing referer');
      continue;
    }
    level.count('referer');
    if (value === 'server_names') continue;
    if (value === '') return visit.fault('syntax/value', 'a referer cannot be empty', word);
    if (value.startsWith('~')) {
      if (value.length === 1) return visit.fault('syntax/regex', 'the regular expression is empty', word);
      if (useRegularExpression(visit, word, value.slice(1)) === undefined) return;
    } else if (!isPlainName(value.split('/')[0]!)) {
      return visit.fault('syntax/value', `${shown(word)} is no host name or wildcard`, word);
    } else if (isTaken(visit, value.split('/')[0]!)) {
      return visit.fault(
        'syntax/duplicate',
        `the referer ${shown(word)} is given twice in the same block`,
        word,
      );
    }
  }
};

export const charset: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (word.value.startsWith('$')) useVariable(visit, word, word.value.slice(1));
};

export const mirror: Check = (visit) => offOrMany(visit, visit.words[1]!);

export const http2Push: Check = (visit) => {
  const word = visit.words[1]!;
  offOrMany(visit, word);
  if (word.value !== 'off') variablesIn(visit, word);
};

/** `off` stands alone; anything else as often as wanted. */
function offOrMany(visit: Visit, word: Word): void {
  const before = visit.level.add(visit.directive.name, visit.site);
  if (before && (word.value === 'off' || before.directive.words[1]!.value === 'off'))
    visit.fault('syntax/duplicate', `${visit.directive.name} off stands alone in its block`, undefined, {
      related: { message: 'the first one', site: before },
    });
}

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
  (units: (number: number) => boolean, what: string): Check =>
  (visit) => {
    if (!visit.once()) return;
    const word = visit.words[1]!;
    const size = parseSize(word.value);
    if (size === undefined || !units(size)) badValue(visit, word, what);
  };

export const gzipWindow = sizeThat(
  (size) => [512, 1024, 2048, 4096, 8192, 16_384, 32_768].includes(size),
  '512, 1k, 2k, 4k, 8k, 16k or 32k',
);

export const gzipHash = sizeThat(
  (size) => [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072].includes(size),
  '512, or 1k to 128k by powers of two',
);

export const internal: Check = (visit) => void visit.once();

/** Whether a name stands among the referers of this block already; `.name` is both the name and `*.name`. */
function isTaken({ level, site }: Visit, text: string): boolean {
  const name = text.toLowerCase();
  const names = name.length > 1 && name.startsWith('.') ? [name.slice(1), `*${name}`] : [name];
  return names.map((one) => level.add(`referer ${one}`, site)).some(Boolean);
}
