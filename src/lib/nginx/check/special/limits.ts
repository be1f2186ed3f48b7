import { badParameter, badValue, shown } from '../forms.ts';
import { readParameters } from '../parameters.ts';
import { usePath } from '../paths.ts';
import { variablesIn } from '../script.ts';
import { parseNumber, parseOffset, parseSize, parseTime } from '../values.ts';
import type { Check, Visit } from '../visit.ts';

/** Bytes of a page of memory, which the least sizes of zones are counted in. */
const PAGE = 4096;

/** `name:size`, with at least so many pages; undefined after a fault. */
function zoneOf(
  visit: Visit,
  text: string,
  word: Visit['words'][number],
  pages: number,
): { readonly name: string; readonly size: number } | undefined {
  const colon = text.indexOf(':');
  const size = colon < 0 ? undefined : parseSize(text.slice(colon + 1));
  if (colon < 0 || size === undefined) {
    const name = colon < 0 ? text : text.slice(0, colon);
    const example = word.value.slice(0, word.value.indexOf(text)) + `${name}:10m`;
    visit.fault('syntax/zone', `a zone is given as name:size, not ${shown(word)}`, word, {
      hint: `such as ${example}`,
    });
    return undefined;
  }
  if (size < pages * PAGE) {
    visit.fault('syntax/zone', `the zone is too small: ${shown(word)}`, word, {
      hint: `it takes at least ${(pages * PAGE) / 1024}k`,
    });
    return undefined;
  }
  return { name: text.slice(0, colon), size };
}

function limitZone(kind: string, more: Parameters<typeof readParameters>[2]): Check {
  return (visit) => {
    variablesIn(visit, visit.words[1]!);
    let zone: ReturnType<typeof zoneOf>;
    const found = readParameters(visit, 2, {
      'zone=': (value, word) => {
        zone = zoneOf(visit, value, word, 8);
        // what is wrong with it has been told
        return true;
      },
      ...more,
    });
    if (!found) return;
    if (!found.has('zone') || zone?.name === '') {
      return visit.fault('syntax/parameter', `${visit.directive.name} must have zone=name:size`);
    }
    const word = visit.words.find(({ value }) => value.startsWith('zone='))!;
    if (zone) visit.zones.bind(visit, word, zone.name, kind, zone.size);
  };
}

export const limitReqZone = limitZone('limit_req', {
  'rate=': (value) => Boolean(parseNumber(value.replace(/r\/[sm]$/u, ''))),
  sync: true,
});

export const limitConnZone: Check = (visit) => limitZone(`${visit.scope} limit_conn`, {})(visit);

export const limitReq: Check = (visit) => {
  const found = readParameters(visit, 1, {
    'zone=': () => true,
    'burst=': (value) => Boolean(parseNumber(value)),
    'delay=': (value) => Boolean(parseNumber(value)),
    nodelay: true,
  });
  if (!found) return;
  const name = found.get('zone');
  if (name === undefined) return visit.fault('syntax/parameter', 'limit_req must have zone=name');
  // where zone= stands twice the last one counts, but all of them must be there
  const words = visit.words.filter(({ value }) => value.startsWith('zone='));
  const known = words.every((word) => visit.zones.use(visit, word, word.value.slice(5), 'limit_req'));
  if (known) oncePerZone(visit, name, words.at(-1)!);
};

export const limitConn: Check = (visit) => {
  const [, zone, number] = visit.words;
  if (!oncePerZone(visit, zone!.value, zone!)) return;
  if (!visit.zones.use(visit, zone!, zone!.value, `${visit.scope} limit_conn`)) return;
  const value = parseNumber(number!.value);
  if (!value || value > 65_535) badValue(visit, number!, 'a number from 1 to 65535');
};

function oncePerZone(visit: Visit, zone: string, word: Visit['words'][number]): boolean {
  const before = visit.level.add(`${visit.directive.name} ${zone}`, visit.site);
  if (!before) return true;
  visit.fault(
    'syntax/duplicate',
    `${visit.directive.name} uses the zone ${zone} twice in the same block`,
    word,
    {
      related: { message: 'the first one', site: before },
    },
  );
  return false;
}

export const cachePath: Check = (visit) => {
  let zone: ReturnType<typeof zoneOf>;
  const isTime = (unit: 's' | 'ms') => (value: string) => parseTime(value, unit) !== undefined;
  const isNumber = (value: string): boolean => parseNumber(value) !== undefined;
  const isOffset = (value: string): boolean => parseOffset(value) !== undefined;
  const onOff = (value: string): boolean => value === 'on' || value === 'off';
  const found = readParameters(visit, 2, {
    'levels=': (value) => /^(?:[12](?::[12]){0,2})?$/u.test(value),
    'use_temp_path=': onOff,
    'keys_zone=': (value, word) => {
      zone = zoneOf(visit, value, word, 2);
      return true;
    },
    'inactive=': isTime('s'),
    'max_size=': isOffset,
    'min_free=': isOffset,
    'loader_files=': isNumber,
    'loader_sleep=': isTime('ms'),
    'loader_threshold=': isTime('ms'),
    'manager_files=': isNumber,
    'manager_sleep=': isTime('ms'),
    'manager_threshold=': isTime('ms'),
    ...(visit.target.plus ? PURGER : {}),
  });
  if (!found) return;
  if (!found.has('keys_zone') || zone?.name === '')
    return visit.fault('syntax/parameter', `${visit.directive.name} must have keys_zone=name:size`);
  const word = visit.words.find(({ value }) => value.startsWith('keys_zone='))!;
  usePath(visit, 'cache');
  if (zone) visit.zones.bind(visit, word, zone.name, visit.directive.name.replace(/_path$/u, ''), zone.size);
};

const PURGER: Parameters<typeof readParameters>[2] = {
  'purger=': (value) => value === 'on' || value === 'off',
  'purger_files=': (value) => parseNumber(value) !== undefined,
  'purger_sleep=': (value) => parseTime(value, 'ms') !== undefined,
  'purger_threshold=': (value) => parseTime(value, 'ms') !== undefined,
};

/** `zone` of an upstream. */
export const upstreamZone: Check = (visit) => {
  const [, name, size] = visit.words;
  if (name!.value === '') return visit.fault('syntax/zone', 'the name of the zone is empty', name);
  const bytes = size ? parseSize(size.value) : undefined;
  if (size && bytes === undefined) return badValue(visit, size, 'a size', 'such as 64k');
  if (bytes !== undefined && bytes < 8 * PAGE)
    return visit.fault('syntax/zone', `the zone is too small: ${shown(size!)}`, size, {
      hint: 'it takes at least 32k',
    });
  visit.zones.use(visit, name!, name!.value, `${visit.scope} upstream`, bytes);
};

export const sslSessionCache: Check = (visit) => {
  for (const word of visit.words.slice(1)) {
    const { value } = word;
    if (value === 'off' || value === 'none' || value === 'builtin') continue;
    if (value.startsWith('builtin:') && parseNumber(value.slice(8)) !== undefined) continue;
    if (!value.startsWith('shared:'))
      return badParameter(visit, word, ['off', 'none', 'builtin', 'shared:name:size']);
    if (!sharedCache(visit, word, value.slice(7))) return;
  }
};

function sharedCache(visit: Visit, word: Visit['words'][number], text: string): boolean {
  const zone = zoneOf(visit, text, word, 8);
  if (zone?.name === '') visit.fault('syntax/zone', `the name of the zone is empty: ${shown(word)}`, word);
  return zone !== undefined && zone.name !== ''
    ? visit.zones.use(visit, word, zone.name, `${visit.scope} ${visit.directive.name}`, zone.size)
    : false;
}

export const sslOcspCache: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (word.value === 'off') return;
  if (word.value.startsWith('shared:')) sharedCache(visit, word, word.value.slice(7));
  else badParameter(visit, word, ['off', 'shared:name:size']);
};
