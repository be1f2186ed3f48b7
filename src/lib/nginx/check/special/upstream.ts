import { parseAddress } from '../address.ts';
import { badParameter, badValue, shown } from '../forms.ts';
import { atLeast } from '../../version.ts';
import { readParameters, type Parameters } from '../parameters.ts';
import { variablesIn } from '../script.ts';
import { parseNumber, parseTime } from '../values.ts';
import type { Level } from '../level.ts';
import type { Check, Visit } from '../visit.ts';

export const upstream: Check = (visit) => {
  const word = visit.words[1]!;
  const name = word.value.toLowerCase();
  const { upstreams, hostsWithPort } = visit.here;
  const before = upstreams.get(name);
  if (before) {
    visit.fault('syntax/duplicate', `there are two upstreams ${shown(word)}`, word, {
      related: { message: 'the first one', site: before.site },
    });
    return;
  }
  upstreams.set(name, { site: visit.site });
  const use = hostsWithPort.get(name);
  if (use)
    visit.faultOf(use.site, 'syntax/upstream', `the upstream ${name} is addressed without a port`, {
      word: use.word,
      hint: 'its servers have the ports; leave the port away',
      related: { message: 'the upstream', site: visit.site },
    });
};

/** At the end of an `upstream`: it must have servers. */
export const upstreamEnd: Check = (visit) => {
  const { level, target } = visit;
  if (level.countOf('server') > level.countOf('backup') || (target.plus && level.own('state'))) return;
  const some = level.own('server');
  visit.faultOf(
    level.site!,
    'syntax/upstream',
    `the upstream has no server${some ? ' that is not a backup' : ''}`,
    {
      hint: 'add server address:port;',
    },
  );
};

/** Methods of balancing that keep no spare servers. */
const WITHOUT_BACKUP = new Set(['ip_hash', 'hash', 'random']);
const methods = new WeakMap<Level, string>();

/** The method decides what the servers behind it in the block may say. */
export const method: Check = (visit) => {
  methods.set(visit.level, visit.directive.name);
  const { words, directive } = visit;
  if (directive.name === 'hash') {
    variablesIn(visit, words[1]!);
    if (words[2] && words[2].value !== 'consistent') badParameter(visit, words[2], ['consistent']);
  } else if (directive.name === 'random') {
    if (words[1] && words[1].value !== 'two') return badParameter(visit, words[1], ['two']);
    const times = atLeast(visit.target.version, '1.31.0') || visit.target.plus;
    const known = times
      ? /^(?:least_conn|least_time=(?:header|last_byte|connect|first_byte)(?:\sinflight)?)$/u
      : /^least_conn$/u;
    if (words[2] && !known.test(words[2].value)) badParameter(visit, words[2], ['least_conn']);
  }
};

export const upstreamServer: Check = (visit) => {
  const { level, words } = visit;
  const word = words[1]!;
  const balancing = methods.get(level);
  level.add('server', visit.site);
  level.count('server');
  const backup = words.find(({ value }) => value === 'backup');
  if (backup) level.count('backup');
  if (backup && balancing !== undefined && WITHOUT_BACKUP.has(balancing)) {
    visit.fault('syntax/upstream', `${balancing} has no backup servers`, backup, {
      hint: 'remove backup, or balance another way',
    });
    return;
  }
  if (!readParameters(visit, 2, parameters(visit))) return;
  const address = parseAddress(word.value);
  if ('problem' in address) {
    visit.fault('syntax/upstream', `${shown(word)} is no server: ${address.problem}`, word, {
      hint: /^https?:\/\//u.test(word.value)
        ? 'write it without http://, which belongs to proxy_pass'
        : undefined,
    });
  } else if (visit.scope === 'stream' && address.port === undefined && address.family !== 'unix') {
    const serviced = words.some(({ value }) => value.startsWith('service='));
    if (!serviced) visit.fault('syntax/upstream', `the port is missing in ${shown(word)}`, word);
  }
};

const number = (value: string): boolean => parseNumber(value) !== undefined;

const SERVER: Parameters = {
  'weight=': (value) => Boolean(parseNumber(value)),
  'max_conns=': number,
  'max_fails=': number,
  'fail_timeout=': (value) => parseTime(value, 's') !== undefined,
  backup: true,
  down: true,
};

function parameters({ target, scope }: Visit): Parameters {
  const resolving: Parameters =
    target.plus || atLeast(target.version, '1.27.3')
      ? { resolve: true, 'service=': (value) => value !== '' }
      : {};
  const sticky: Parameters =
    scope === 'http' && (target.plus || atLeast(target.version, '1.29.6'))
      ? { 'route=': () => true, drain: true }
      : {};
  const plus: Parameters = target.plus
    ? { 'slow_start=': (value) => parseTime(value, 's') !== undefined }
    : {};
  return { ...SERVER, ...resolving, ...sticky, ...plus };
}

export const keepalive: Check = (visit) => {
  if (!visit.once()) return;
  const [, word, local] = visit.words;
  const off = atLeast(visit.target.version, '1.29.7') && word!.value === '0';
  if (!parseNumber(word!.value) && !off) badValue(visit, word!, 'a number of connections');
  if (local && local.value !== 'local') badParameter(visit, local, ['local']);
};
