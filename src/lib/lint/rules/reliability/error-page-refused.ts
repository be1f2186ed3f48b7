import { Context } from '../../../nginx/directives/contexts.ts';
import { closingDeny, isOn } from '../../judgement/clients/guards.ts';
import { DEEPEST, placesIn } from '../../model/requests/locations.ts';
import { locationFor } from '../../model/requests/routing.ts';
import { namesIn } from '../../model/values/names-in.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

/**
 * An error page is a request of its own, which goes through the server and its location like any other; what refused
 * the first one refuses it again. NGINX then gives up and answers with the page that is built in.
 */
export const errorPageRefused: Rule = {
  id: 'reliability/error-page-refused',
  severity: 'warning',
  summary: 'an error page that is refused like the request that it is for',
  aliases: [],
  since: '0.1.0',
  check(context) {
    const { model } = context;
    if (model.named('error_page').length === 0) return;
    for (const item of model.named('return')) refusal(context, item);
    for (const item of model.named('deny')) guard(context, item, '403');
    for (const name of ASKING) for (const item of model.named(name)) guard(context, item, '401');
  },
};

/** What answers 401 to those who have not said who they are. */
const ASKING = ['auth_basic', 'auth_request', 'auth_jwt'];

interface Page {
  readonly path: string;
  readonly item: Item;
}

/** The page of this NGINX for a status in a block. */
function pageFor(block: Block, status: string): Page | undefined {
  const item = block
    .effective('error_page')
    .find(({ directive: { words } }) => words.slice(1, -1).some(({ value }) => value === status));
  const path = item?.directive.words.at(-1)!.value;
  return item && path !== undefined && /^[/@][^$?]*$/u.test(path) ? { path, item } : undefined;
}

function tell(
  { report }: RuleContext,
  item: Item,
  status: string,
  { path, item: page }: Page,
  hint: string,
): void {
  report(item, `clients do not get ${path} for ${status}: this refuses it as well`, {
    hint,
    related: { message: 'the page', item: page },
  });
}

/** A `return` that comes again on the way to the page. */
function refusal(context: RuleContext, item: Item): void {
  const { model } = context;
  const { words } = item.directive;
  const status = words[1]?.value ?? '';
  // with a text of its own the answer is no error that has a page
  if (words.length !== 2 || !/^[45]\d\d$/u.test(status)) return;
  const { block } = item;
  const server = block.server;
  const page = pageFor(block, status);
  if (!server || !page || page.path.startsWith('@')) return;
  const condition = IFS.has(block.context) ? block.item : undefined;
  if (condition && isOfPath(model, textOf(condition))) return;
  const place = condition?.block ?? block;
  if (isLedElsewhere(place, condition ?? item)) return;
  if (place === server)
    return tell(
      context,
      item,
      status,
      page,
      `lead to a named location, which the server does not look at again: error_page ${status} @NAME;`,
    );
  if (locationFor(server, page.path, DEEPEST)?.location !== place.item) return;
  tell(
    context,
    item,
    status,
    page,
    `give the page a location of its own: location = ${page.path} { internal; }`,
  );
}

const IFS = new Set<number>([Context.ifInServer, Context.ifInLocation]);

function textOf({ directive }: Item): string {
  return directive.words.map(({ value }) => value).join(' ');
}

/** What is another one for the page than for the request. */
const OF_PATH =
  /^(?:uri|document_uri|request_filename|args|query_string|is_args|arg_.*|request_method|status|sent_http_.*|[1-9])$/u;

/** Whether a text depends on what differs between the request and its page, also by what is `set`. */
function isOfPath(model: Model, text: string, depth = 0): boolean {
  return namesIn(text).some((name) => {
    if (OF_PATH.test(name)) return true;
    const sets = model
      .named('set')
      .filter(({ directive }) => namesIn(directive.words[1]?.value ?? '').includes(name));
    if (sets.length > 0 && depth > 2) return true;
    return sets.some(
      ({ directive, block }) =>
        isOfPath(model, directive.words[2]?.value ?? '', depth + 1) ||
        (block.directive?.name === 'if' && isOfPath(model, textOf(block.item!), depth + 1)),
    );
  });
}

/** Whether something in front may end what is looked at, such as a `break` for the page. */
function isLedElsewhere(place: Block, { index }: Item): boolean {
  return place.items.some(
    ({ directive: { name }, inner, index: other }) =>
      other < index &&
      (LEADS.includes(name) || (name === 'if' && LEADS.some((one) => (inner?.own(one).length ?? 0) > 0))),
  );
}

const LEADS = ['break', 'rewrite', 'return'];

/** A check of the access phase that the page goes through, too. */
function guard(context: RuleContext, item: Item, status: string): void {
  const { block } = item;
  const server = block.server;
  const page = pageFor(block, status);
  if (!server || !page || block.effective('satisfy')[0]?.directive.words[1]?.value === 'any') return;
  const inner = blockOf(server, page.path);
  // an answer that stands in the configuration is given before anybody asks
  if (!inner || inner.own('return').length > 0) return;
  const { name } = item.directive;
  const again =
    name === 'deny' ? closingDeny(inner) === item : inner.effective(name)[0] === item && isOn(item);
  if (!again) return;
  const open = name === 'deny' ? 'allow all;' : `${name} off;`;
  tell(context, item, status, page, `let everybody have the page: ${open} in location ${page.path}`);
}

/** Where the request for a page ends up: a location, or the server itself; undefined where that is not sure. */
function blockOf(server: Block, path: string): Block | undefined {
  if (path.startsWith('@')) return placesIn(server).named.get(path)?.item.inner;
  const routed = locationFor(server, path, DEEPEST);
  return routed && (routed.location ? routed.location.inner : server);
}
