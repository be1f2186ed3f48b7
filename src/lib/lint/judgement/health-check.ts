import { Context } from '../../nginx/directives/contexts.ts';
import type { Listener } from '../model/network/sockets.ts';
import type { Block, Item, Model } from '../model/model.ts';
import { locationFor } from '../model/requests/routing.ts';
import type { Behind } from '../engine/rule.ts';

/** What a health check gets: an answer, as far as can be said, or what is in its way. */
export type Outcome = 'answered' | { readonly item: Item; readonly message: string; readonly hint: string };

interface Setting {
  readonly model: Model;
  readonly behind: Behind | undefined;
}

const NO_NAME =
  'health checks ask for the address of the machine, not for a name: give the path to the default server, above all redirects';

/**
 * What a balancer gets that asks for a path. It asks without the name of a site, so the default server answers; it
 * sends no X-Forwarded-Proto, no password, and comes from a private address.
 */
export function outcomeOf(listener: Listener, path: string, setting: Setting): Outcome {
  const { server } = listener;
  const early = fixedAnswer(server, listener, setting);
  if (early) return early;
  const route = locationFor(server, path);
  if (!route?.location?.inner) return 'answered';
  const { location } = route;
  if (route.slash && !isGood('301', setting))
    return {
      item: location,
      message: 'are answered by a redirect to the path with a slash behind',
      hint: `add location = ${path}`,
    };
  const block = location.inner!;
  // return comes before all guards
  return fixedAnswer(block, listener, setting) ?? guard(block, setting.model) ?? 'answered';
}

/** What `return` and its like say to all health checks; undefined where they say nothing. */
function fixedAnswer(block: Block, listener: Listener, setting: Setting): Outcome | undefined {
  for (const item of block.items) {
    const { name, words } = item.directive;
    if (name === 'return') return answer(item, words[1]?.value ?? '', setting);
    // what others make of the path is not followed
    if (name === 'rewrite')
      return /^\^?$/u.test(words[1]?.value ?? '') && /^https?:/u.test(words[2]?.value ?? '')
        ? answer(item, '302', setting)
        : 'answered';
    const isInIf = block.context === Context.ifInServer || block.context === Context.ifInLocation;
    if (name !== 'if' || isInIf || !item.inner || !holds(item, listener)) continue;
    const inner = fixedAnswer(item.inner, listener, setting);
    if (inner) return inner;
  }
  return undefined;
}

function answer(item: Item, status: string, setting: Setting): Outcome {
  const code = /^\d{3}$/u.test(status) ? status : '302';
  if (isGood(code, setting)) return 'answered';
  return {
    item,
    message: code.startsWith('3') ? `are answered by a redirect (${code})` : `are answered by ${code}`,
    hint: NO_NAME,
  };
}

/** An Application Load Balancer wants 200 unless it is told otherwise, a Network Load Balancer takes redirects. */
function isGood(status: string, { behind }: Setting): boolean {
  return /^2\d\d$/u.test(status) || (/^3\d\d$/u.test(status) && (behind === 'nlb' || behind === 'nlb-proxy'));
}

/** Whether a condition holds for each health check. */
function holds({ directive }: Item, { socket }: Listener): boolean {
  const text = directive.words
    .slice(1)
    .map(({ value }) => value)
    .join(' ');
  const [, variable = '', operator = '', value = ''] =
    /^\(\s*\$(\w+)\s+(!?=|!?~\*?)\s*(.*?)\s*\)$/su.exec(text) ?? [];
  switch (variable.toLowerCase()) {
    case 'scheme': {
      const is = value.replaceAll(/[\^$]/gu, '') === (socket.ssl || socket.sslOn ? 'https' : 'http');
      return operator.startsWith('!') ? !is : is;
    }
    case 'http_x_forwarded_proto':
      return operator.startsWith('!') ? value !== '' : operator === '=' && value === '';
    // it is the address of this machine
    case 'host':
    case 'http_host':
      return operator.startsWith('!') && /[a-z]/iu.test(value);
    default:
      return false;
  }
}

/** What keeps health checks out of a location. */
function guard(block: Block, model: Model): Outcome | undefined {
  if (block.effective('satisfy')[0]?.directive.words[1]?.value === 'any') return undefined;
  for (const name of ['auth_basic', 'auth_request', 'auth_jwt']) {
    const [item] = block.effective(name);
    if (item && item.directive.words[1]?.value !== 'off')
      return {
        item,
        message: `are refused by ${name}: they bring no password`,
        hint: `write ${name} off; in the location`,
      };
  }
  const refusal = refusalOf(block);
  if (refusal)
    return {
      item: refusal,
      message: 'are refused: the balancer has an address that is not allowed',
      hint: 'allow the networks of the balancer in the location',
    };
  return sharedLimit(block, model);
}

/** `deny all`, where nobody but this machine is allowed before it. */
function refusalOf(block: Block): Item | undefined {
  let level: Block | undefined = block;
  while (level && level.own('allow').length + level.own('deny').length === 0) level = level.parent;
  if (!level) return undefined;
  const refusal = level.own('deny').find(({ directive }) => directive.words[1]?.value === 'all');
  const isOther = ({ directive, index }: Item): boolean =>
    index < refusal!.index && !/^(?:127\.|::1$|unix:)/u.test(directive.words[1]?.value ?? '');
  return refusal && !level.own('allow').some(isOther) ? refusal : undefined;
}

/** A limit that is meant for clients, all of which it counts together. */
function sharedLimit(block: Block, model: Model): Outcome | undefined {
  for (const name of ['limit_req', 'limit_conn']) {
    const [item] = block.effective(name);
    if (!item || item.block === block || item.block.context === Context.location) continue;
    const words = item.directive.words.slice(1).map(({ value }) => value);
    const zone =
      name === 'limit_conn' ? words[0] : words.find((value) => value.startsWith('zone='))?.slice(5);
    const made = model
      .named(`${name}_zone`)
      .find(({ directive }) => directive.words.some(({ value }) => value.startsWith(`zone=${zone}:`)));
    const origins = made ? model.variables.origins(made.directive.words[1]?.value ?? '', made) : [];
    if (
      !made ||
      origins.some(({ variable }) => !/^(?:server_name|server_port|scheme|server_addr)$/u.test(variable))
    )
      continue;
    return {
      item,
      message: `are counted together with all clients: under load ${name} refuses them`,
      hint: 'give health checks a server of their own, or a key that is empty for them',
    };
  }
  return undefined;
}
