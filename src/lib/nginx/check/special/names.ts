import { shown } from '../forms.ts';
import { useRegularExpression } from '../patterns.ts';
import type { Check, Visit } from '../visit.ts';

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

export const validReferers: Check = (visit) => {
  const { level } = visit;
  level.add('valid_referers', visit.site);
  for (const word of visit.words.slice(1)) {
    const { value } = word;
    if (value === 'none' || value === 'blocked') {
      level.count('missing referer');
      continue;
    }
    // regular expressions alone are not enough (ngx_http_referer_merge_conf)
    if (!value.startsWith('~')) level.count('referer');
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

/** Whether a name stands among the referers of this block already; `.name` is both the name and `*.name`. */
function isTaken({ level, site }: Visit, text: string): boolean {
  const name = text.toLowerCase();
  const names = name.length > 1 && name.startsWith('.') ? [name.slice(1), `*${name}`] : [name];
  return names.map((one) => level.add(`referer ${one}`, site)).some(Boolean);
}
