import { parseAddress } from '../address.ts';
import { badValue, shown } from '../forms.ts';
import { readParameters } from '../parameters.ts';
import { variablesIn } from '../script.ts';
import { parseNumber, parseSize, parseTime } from '../values.ts';
import type { Check, Visit } from '../visit.ts';

const LEVELS = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'];
/** Parts of the program that `debug_…` is limited to. */
const DEBUG = /^debug_(?:core|alloc|mutex|event|http|mail|stream)$/u;

export const errorLog: Check = (visit) => {
  const [, target, ...levels] = visit.words;
  if (target!.value.startsWith('syslog:') && !syslog(visit)) return;
  if (target!.value.startsWith('memory:') && !((parseSize(target!.value.slice(7)) ?? 0) > 2200))
    return badValue(visit, target!, 'memory:size of some kilobytes');
  let level: 'none' | 'plain' | 'debug' = 'none';
  for (const word of levels) {
    if (LEVELS.includes(word.value)) {
      if (level !== 'none') return visit.fault('syntax/value', `a second log level: ${shown(word)}`, word);
      level = 'plain';
    } else if (DEBUG.test(word.value) && level !== 'plain') {
      level = 'debug';
    } else {
      const close = visit.near(word.value, LEVELS);
      return visit.fault('syntax/value', `${shown(word)} is no log level`, word, {
        hint: close === undefined ? `levels are ${LEVELS.join(', ')}` : `did you mean ${close}?`,
      });
    }
  }
};

const FACILITIES =
  'kern user mail daemon auth intern lpr news uucp clock authpriv ftp ntp audit alert cron local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );

/** `syslog:server=…,facility=…`; false after a fault. */
function syslog(visit: Visit): boolean {
  const word = visit.words[1]!;
  const seen = new Set<string>();
  const bad = (why: string): false => {
    visit.fault('syntax/value', `${why} in ${shown(word)}`, word, {
      hint: 'such as syslog:server=127.0.0.1:514,facility=local7,tag=nginx,severity=info',
    });
    return false;
  };
  for (const part of word.value.slice('syslog:'.length).split(',')) {
    const [name = '', ...rest] = part.split('=');
    const value = rest.join('=');
    if (name !== 'nohostname' && seen.has(name)) return bad(`${name} stands twice`);
    seen.add(name);
    if (part === 'nohostname') continue;
    if (rest.length === 0) return bad(`there is no parameter ${part === '' ? '(empty)' : part}`);
    if (name === 'server') {
      const address = parseAddress(value);
      if ('problem' in address) return bad(address.problem);
    } else if (name === 'facility') {
      if (!FACILITIES.includes(value)) return bad(`there is no facility ${value}`);
    } else if (name === 'severity') {
      if (!LEVELS.includes(value)) return bad(`there is no severity ${value}`);
    } else if (name === 'tag') {
      if (value.length > 32 || !/^\w*$/u.test(value))
        return bad('the tag is not up to 32 letters, digits and _');
    } else return bad(`there is no parameter ${name}`);
  }
  return seen.has('server') || bad('server= is missing');
}

export const logFormat: Check = (visit) => {
  const [, name, ...parts] = visit.words;
  const { formats } = visit.here;
  const before = formats.get(name!.value);
  if (before || (name!.value === 'combined' && visit.scope === 'http')) {
    visit.fault('syntax/duplicate', `there are two log formats ${name!.value}`, name, {
      hint: before ? undefined : 'combined is the name of the one that NGINX brings; choose another',
      related: before ? { message: 'the first one', site: before } : undefined,
    });
    return;
  }
  formats.set(name!.value, visit.site);
  const [escape] = parts;
  if (escape?.value.startsWith('escape=')) {
    parts.shift();
    if (!/^escape=(?:default|json|none)$/u.test(escape.value))
      return visit.fault('syntax/value', `log_format does not know ${shown(escape)}`, escape, {
        hint: 'it knows escape=default, escape=json and escape=none',
      });
  }
  // unlike elsewhere, groups of regular expressions cannot be written here
  for (const part of parts) variablesIn(visit, part, { captures: false });
};

export const accessLog: Check = (visit) => {
  const { words, level } = visit;
  const [, target, format] = words;
  if (target!.value === 'off') {
    if (format)
      visit.fault('syntax/parameter', `access_log off takes nothing more: ${shown(format)}`, format);
    return;
  }
  const isSyslog = target!.value.startsWith('syslog:');
  if (isSyslog && !syslog(visit)) return;
  const scripted = !isSyslog && variablesIn(visit, target!);
  if (!knownFormat(visit)) return;
  const found = readParameters(visit, 3, {
    'buffer=': (value) => Boolean(parseSize(value)),
    'flush=': (value) => Boolean(parseTime(value, 'ms')),
    gzip: true,
    'gzip=': (value) => /^[1-9]$/u.test(value),
    'if=': (value, word) => {
      variablesIn(visit, word, { text: value });
      return true;
    },
  });
  if (!found) return;
  const buffered = found.has('buffer') || found.has('gzip');
  if (found.has('flush') && !buffered)
    return visit.fault('syntax/parameter', 'flush= has no meaning without buffer= or gzip');
  if (!buffered) return;
  if (scripted)
    return visit.fault('syntax/parameter', 'a log with variables in its name cannot be buffered', target);
  if (isSyslog) return visit.fault('syntax/parameter', 'a log to syslog cannot be buffered', target);
  sameBuffer(visit, target!.value, found, level.scope);
};

function knownFormat(visit: Visit): boolean {
  const format = visit.words[2];
  const { formats, scope } = visit.here;
  if (!format) {
    if (scope === 'http') return true;
    visit.fault('syntax/parameter', 'access_log of stream must name a log_format');
    return false;
  }
  const name = format.value.toLowerCase();
  const known = [...formats.keys()];
  if ((scope === 'http' && name === 'combined') || known.some((key) => key.toLowerCase() === name))
    return true;
  if (visit.fragment) return true;
  const close = visit.near(format.value, known);
  visit.fault('syntax/log-format', `there is no log format ${shown(format)} up to here`, format, {
    hint: close === undefined ? 'define it with log_format in front of this line' : `did you mean ${close}?`,
  });
  return false;
}

/** Logs to one file share their buffer, so that all of them must describe it alike. */
function sameBuffer(visit: Visit, path: string, found: ReadonlyMap<string, string>, scope: string): void {
  const size = parseSize(found.get('buffer') ?? '') ?? 64 * 1024;
  const key = `${size} ${parseTime(found.get('flush') ?? '0', 'ms')} ${found.get('gzip') ?? 0}`;
  const { logs } = visit.namesOf(scope === 'stream' ? 'stream' : 'http');
  const before = logs.get(path);
  if (!before) logs.set(path, { key, site: visit.site });
  else if (before.key !== key)
    visit.fault('syntax/parameter', `the log ${path} has other parameters elsewhere`, visit.words[1], {
      hint: 'give buffer, flush and gzip alike wherever the file is named',
      related: { message: 'the first one', site: before.site },
    });
}

export const openFileCache: Check = (visit) => {
  if (!visit.once()) return;
  const found = readParameters(visit, 1, {
    off: true,
    'max=': (value) => Boolean(parseNumber(value)),
    'inactive=': (value) => parseTime(value, 's') !== undefined,
    ...(visit.directive.name === 'open_log_file_cache'
      ? {
          'min_uses=': (value: string) => Boolean(parseNumber(value)),
          'valid=': (value: string) => parseTime(value, 's') !== undefined,
        }
      : {}),
  });
  if (found && !found.has('max') && !found.has('off'))
    visit.fault('syntax/parameter', `${visit.directive.name} must have max=number`);
};
