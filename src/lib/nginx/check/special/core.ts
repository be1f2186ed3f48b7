import { badParameter, badValue, shown } from '../forms.ts';
import { parseAddress } from '../address.ts';
import { parseNumber, parseTime } from '../values.ts';
import type { Check } from '../visit.ts';

export const workerProcesses: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (word.value !== 'auto' && parseNumber(word.value) === undefined)
    badValue(visit, word, 'a number or auto');
};

export const workerPriority: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (parseNumber(word.value.replace(/^[+-]/u, '')) === undefined)
    badValue(visit, word, 'a number with or without a sign');
};

export const workerCpuAffinity: Check = (visit) => {
  if (!visit.once()) return;
  const words = visit.words.slice(1);
  const auto = words[0]!.value === 'auto';
  if (auto && words.length > 2)
    return visit.fault('syntax/argument-count', 'worker_cpu_affinity auto takes one mask at most');
  const bad = words.slice(auto ? 1 : 0).find(({ value }) => !/^[01 ]{0,1024}$/u.test(value));
  if (bad) badValue(visit, bad, 'masks of 0 and 1');
};

/** Modules whose directives are known. */
const KNOWN =
  /^(?:ndk_http|ngx_(?:stream|mail|http_(?:perl|xslt_filter|image_filter|geoip2?|brotli_(?:filter|static)|headers_more_filter|lua|js|modsecurity|vhost_traffic_status|dav_ext|acme)|stream_(?:geoip2?|js|lua)|otel))_module$/u;

export const loadModule: Check = (visit) => {
  const { level } = visit;
  const name = visit.words[1]!.value.split('/').at(-1)!.replace(/\.so$/u, '');
  if (!KNOWN.test(name)) visit.foreignModules = true;
  const before = level.add(`load_module ${name}`, visit.site);
  if (before)
    return visit.fault('syntax/duplicate', `the module ${name} is loaded twice`, visit.words[1], {
      related: { message: 'the first time', site: before },
    });
  const block = ['events', 'http', 'stream', 'mail'].map((name) => level.own(name)).find(Boolean);
  if (block)
    visit.fault('syntax/order', `load_module must stand in front of ${block.directive.name}`, undefined, {
      related: { message: 'the block', site: block },
    });
};

export const threadPool: Check = (visit) => {
  const name = visit.words[1]!;
  const { made } = visit.threadPools;
  const before = made.get(name.value);
  if (before)
    return visit.fault('syntax/duplicate', `there are two thread pools ${shown(name)}`, name, {
      related: { message: 'the first one', site: before },
    });
  made.set(name.value, visit.site);
  // NGINX passes over parameters that it does not know
  for (const word of visit.words.slice(2)) {
    const number = parseNumber(word.value.slice(word.value.indexOf('=') + 1));
    if (word.value.startsWith('threads=') && !number) return badValue(visit, word, 'threads=number');
    if (word.value.startsWith('max_queue=') && number === undefined)
      return badValue(visit, word, 'max_queue=number');
  }
  if (!visit.words.some(({ value }) => value.startsWith('threads=')))
    visit.fault('syntax/parameter', 'thread_pool must have threads=number');
};

export const connections: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (parseNumber(word.value) === undefined) badValue(visit, word, 'a number');
};

/** Those of Linux. */
const METHODS = ['epoll', 'poll', 'select'];

export const useMethod: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  if (!METHODS.includes(word.value)) badParameter(visit, word, METHODS);
};

export const resolver: Check = (visit) => {
  if (!visit.once()) return;
  const onOff = (text: string): boolean => /^\w+=(?:on|off)$/u.test(text);
  let servers = 0;
  for (const word of visit.words.slice(1)) {
    const { value } = word;
    if (value.startsWith('valid=')) {
      if (parseTime(value.slice(6), 's') === undefined) return badValue(visit, word, 'valid=time');
    } else if (/^ipv[46]=/u.test(value)) {
      if (!onOff(value)) return badValue(visit, word, 'ipv4=on|off or ipv6=on|off');
    } else if (value.startsWith('status_zone=')) {
      continue;
    } else {
      const address = parseAddress(value);
      if ('problem' in address)
        return visit.fault('syntax/value', `${shown(word)} is no name server: ${address.problem}`, word);
      servers++;
    }
  }
  if (servers === 0) visit.fault('syntax/value', 'resolver names no name server');
};

export const protocol: Check = (visit) => {
  const word = visit.words[1]!;
  visit.level.add('protocol', visit.site);
  if (!['imap', 'pop3', 'smtp'].includes(word.value)) badParameter(visit, word, ['imap', 'pop3', 'smtp']);
};

export const authHttp: Check = (visit) => {
  visit.level.add('auth_http', visit.site);
  const word = visit.words[1]!;
  const address = parseAddress(word.value.replace(/^http:\/\//u, ''), { uri: true });
  if ('problem' in address)
    visit.fault('syntax/value', `${shown(word)} is no address: ${address.problem}`, word);
};
