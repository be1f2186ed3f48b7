import type { Word } from '../../syntax/tree.ts';
import { isNetwork } from '../address.ts';
import { badValue, shown } from '../forms.ts';
import { readParameters } from '../parameters.ts';
import { variablesIn } from '../script.ts';
import { parseOffset, parseTime } from '../values.ts';
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

export const internal: Check = (visit) => void visit.once();
