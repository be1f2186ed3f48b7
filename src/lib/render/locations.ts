import { effective, type Policies } from '../balancer/effective.ts';
import { parsePath } from '../balancer/paths.ts';
import type { Path, Route } from '../balancer/schema/balancer.ts';
import {
  block,
  type Built,
  type BuiltStatement,
  comment,
  directive,
  groups,
  type Origin,
} from '../nginx/build.ts';
import { type Context, secretVariable } from './context.ts';
import { type Destination, destinationOf } from './destination.ts';
import { requestHeaders } from './headers.ts';
import {
  accessPolicies,
  answerHeaders,
  bodySize,
  caching,
  pathPolicies,
  withoutAuthentication,
} from './policies.ts';
import { parseSnippet } from './snippet.ts';
import { literal, template } from './text.ts';

/**
 * The location block of a path, and those that it leads to. `id` keeps the names of its zones and maps apart,
 * `snippet` is the place of its snippet.
 */
export function renderLocation(
  context: Context,
  route: Route,
  key: string,
  path: Path,
  { id, snippet: place }: { readonly id: string; readonly snippet: Origin['path'] },
): Built[] {
  const { modifier, value } = parsePath(key)!;
  const args = modifier === '' ? [value] : [modifier, value];
  const policies = effective(route, path);
  const destination =
    path.upstream !== undefined || path.split ? destinationOf(context, path, id) : undefined;
  const before = groups(
    path.auth === undefined ? [] : withoutAuthentication(route, path.auth),
    accessPolicies(context, ownAccess(route, path, policies), id),
    signedLinks(context, path),
    bodySize(path, route),
  );
  const headers =
    ownHeaders(path) || (destination?.cookies.length ?? 0) > 0
      ? answerHeaders(context, policies, destination?.cookies ?? [], id)
      : [];
  const snippet = parseSnippet(path.snippet, place);
  if (destination) {
    return [
      block(
        'location',
        args,
        groups(before, headers, proxied(context, route, path, policies, destination), snippet),
      ),
    ];
  }
  if (path.static)
    return [block('location', args, groups(before, headers, staticFiles(context, path), snippet))];
  return answer(context, args, policies, path, id, { before, headers, snippet });
}

/** Access policies that a path sets itself; it has those of the route by NGINX's inheritance. */
function ownAccess(route: Route, path: Path, policies: Policies): Policies {
  // rules of the route hold here too, and loaded twice they would meet themselves
  const sameRules = route.waf?.on && path.waf?.on && route.waf.rules === path.waf.rules;
  const lists = path.allow || path.deny ? { allow: policies.allow, deny: policies.deny } : {};
  return {
    ...(path.rate_limit ? { rate_limit: path.rate_limit } : {}),
    ...(path.connection_limit ? { connection_limit: path.connection_limit } : {}),
    ...(path.auth ? { auth: path.auth } : {}),
    ...(path.waf && !sameRules ? { waf: path.waf } : {}),
    ...lists,
  };
}

function ownHeaders(path: Path): boolean {
  return path.response_headers !== undefined || path.hsts !== undefined;
}

function proxied(
  context: Context,
  route: Route,
  path: Path,
  policies: Policies,
  { prefix, address, tls }: Destination,
): BuiltStatement[] {
  return groups(
    rewrites(context, path),
    caching(context, path, route),
    mirroring(path),
    requestHeaders(context, prefix, policies, path),
    tls,
    [...pathPolicies(prefix, path, policies, route), directive(`${prefix}_pass`, address)],
  );
}

function rewrites(context: Context, path: Path): Built[] {
  return Object.entries(path.rewrite ?? {}).map(([regex, to]) =>
    directive('rewrite', regex, template(context, to), 'break'),
  );
}

function mirroring({ mirror }: Path): Built[] {
  if (!mirror) return [];
  return [
    directive('mirror', mirrorLocation(mirror)),
    ...(mirror.body ? [] : [directive('mirror_request_body', 'off')]),
  ];
}

/** Internal location that sends the copies of mirrored requests. */
export function mirrorLocation({ upstream, body }: NonNullable<Path['mirror']>): string {
  return `/_lbctl/${body ? 'mirror' : 'mirror-head'}/${upstream}`;
}

function signedLinks(context: Context, { signed_links: signed }: Path): Built[] {
  if (!signed) return [];
  return [
    directive('secure_link', '$arg_md5,$arg_expires'),
    directive('secure_link_md5', `$secure_link_expires$uri ${secretVariable(context, signed.secret_file)}`),
    block('if', [{ raw: '($secure_link = "")' }], [directive('return', 403)]),
    block('if', [{ raw: '($secure_link = "0")' }], [directive('return', 410)]),
  ];
}

function staticFiles(context: Context, path: Path): BuiltStatement[] {
  context.shared.add('mime_types');
  const { root, index, fallback } = path.static!;
  return [
    ...rewrites(context, path),
    directive('root', root),
    ...(index === 'index.html' ? [] : [directive('index', index)]),
    ...(fallback === undefined ? [] : [directive('try_files', '$uri', '$uri/', fallback)]),
  ];
}

interface Parts {
  readonly before: readonly BuiltStatement[];
  readonly headers: readonly Built[];
  readonly snippet: readonly BuiltStatement[];
}

/** A redirect or a fixed answer. */
function answer(
  context: Context,
  args: readonly string[],
  policies: Policies,
  path: Path,
  id: string,
  parts: Parts,
): Built[] {
  const reply = path.redirect
    ? [directive('return', path.redirect.status, template(context, path.redirect.to))]
    : respond(context, path);
  const guarded =
    policies.allow ||
    policies.deny ||
    policies.auth ||
    policies.rate_limit ||
    policies.connection_limit ||
    policies.waf?.on;
  if (!guarded) return [block('location', args, groups(parts.before, parts.headers, parts.snippet, reply))];
  const name = `@answer_${id}`;
  return [
    block('location', args, [
      ...groups(parts.before, parts.snippet),
      comment('`return` would answer before the checks above; a named location answers after them.'),
      directive('try_files', '/dev/null', name),
    ]),
    block('location', [name], groups(parts.headers, reply)),
  ];
}

function respond(context: Context, { respond: given }: Path): Built[] {
  const { status, body, content_type } = given!;
  if (body === '') return [directive('return', status)];
  return [
    directive('default_type', literal(context, content_type)),
    directive('return', status, template(context, body)),
  ];
}
