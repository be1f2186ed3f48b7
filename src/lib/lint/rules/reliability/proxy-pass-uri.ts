import { Context } from '../../../nginx/directives/contexts.ts';
import { placeOf, placesIn } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { namesIn } from '../../model/values/names-in.ts';

export const proxyPassUri: Rule = {
  id: 'reliability/proxy-pass-uri',
  severity: 'warning',
  summary: 'the server behind is asked for another path than was meant',
  aliases: ['nginx-lint:proxy-pass-with-uri'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('proxy_pass')) {
      const word = item.directive.words[1];
      if (!word || item.block.context === Context.streamServer) continue;
      const problem = word.value.includes('$') ? decoded(word.value) : replaced(item, uriOf(word.value));
      if (problem) report(item, problem.message, { word, hint: problem.hint, related: problem.related });
    }
  },
};

interface Problem {
  readonly message: string;
  readonly hint: string;
  readonly related?: { readonly message: string; readonly item: Item };
}

/** What stands behind the host. */
function uriOf(value: string): string {
  return /^https?:\/\/(?:unix:[^:]*(?::|$)|(?!unix:)[^/?]*)([^]*)$/iu.exec(value)?.[1] ?? '';
}

/** With a variable NGINX passes the path as it is written here, and adds no arguments. */
function decoded(value: string): Problem | undefined {
  const names = namesIn(value);
  const path = names.find((name) => name === 'uri' || name === 'document_uri');
  if (path === undefined) return undefined;
  const lost = !/\?|\$\{?(?:is_args|args|query_string)\b/iu.test(value);
  return {
    message: `$${path} is the decoded path${lost ? ', without the arguments' : ''}: %3F, %20 and %2F arrive as other characters`,
    hint: 'use $request_uri, which is what the client sent',
  };
}

/** A path of its own takes the place of the name of the location. */
function replaced(item: Item, uri: string): Problem | undefined {
  return uri === '' ? undefined : (rewritten(item, uri) ?? pasted(item, uri));
}

/** A path that a rewrite has made is passed on as it is. */
function rewritten({ block }: Item, uri: string): Problem | undefined {
  if (uri === '/' || block.context !== Context.location) return undefined;
  const rewrite = block.own('rewrite').find(({ directive }) => directive.words[3]?.value === 'break');
  return (
    rewrite && {
      message: `${uri} is left out where the rewrite has changed the path`,
      hint: `put ${uri} into the rewrite, and leave it out here`,
      related: { message: 'the rewrite', item: rewrite },
    }
  );
}

/** NGINX puts the path here in the place of the name of the location, and nothing in between. */
function pasted({ block }: Item, uri: string): Problem | undefined {
  const place = block.context === Context.location && block.item ? placeOf(block.item) : undefined;
  if (place?.kind !== 'prefix' || uri.includes('?')) return undefined;
  const { name, item } = place;
  const related = { message: 'the location', item };
  if (name.endsWith('/') && /\w$/u.test(uri))
    return { message: `${name}x is passed on as ${uri}x`, hint: `write ${uri}/`, related };
  if (name.endsWith('/') || !uri.endsWith('/') || hasFolder(item.block, block, name)) return undefined;
  return {
    message: `${name}/x is passed on as ${uri}/x`,
    hint: `write location ${name}/, or leave the slash out here`,
    related,
  };
}

/** Whether another location takes what lies below. */
function hasFolder(outer: Block, inner: Block, name: string): boolean {
  return [outer, inner].some((block) => placesIn(block).prefix.has(`${name}/`));
}
