import type { Balancer } from '../balancer/schema/balancer.ts';
import { routedUpstreams } from '../balancer/upstreams.ts';
import { block, type BuiltStatement, comment, directive, from, groups } from '../nginx/build.ts';
import { type Context, createContext, ownPath } from './context.ts';
import { renderHttp } from './http.ts';
import type { Layout } from './layout.ts';
import { mimeTypes } from './mime-types.ts';
import { defaultServers } from './default-servers.ts';
import { routeServers } from './servers.ts';
import { parseSnippet } from './snippet.ts';
import { socketsOf } from './sockets.ts';
import { renderStream, streamUpstreams } from './stream.ts';
import { tlsProfile } from './tls.ts';
import { type Tree, type TreeFile, treeFile } from './tree.ts';
import { renderUpstream } from './upstreams.ts';

/** Tells readers where a file comes from, as a change made in it would be lost. */
const ORIGIN = comment('Written by lbctl from lb.yaml; change that and run lbctl again.');

/** The NGINX configuration of a balancer on a node; the same input gives the same bytes. */
export function render(given: Balancer, layout: Layout): Tree {
  const context = createContext(given, layout);
  const { balancer } = context;
  const sites = [...siteFiles(context), ...defaultSite(context)];
  const upstreams = upstreamFile(context);
  const stream = renderStream(context);
  const http = renderHttp(
    context,
    [...upstreams, ...sites].map(({ path }) => path),
  );
  const main = treeFile(
    'nginx.conf',
    groups([ORIGIN], mainDirectives(context), [eventsBlock(context)], [http], stream),
  );
  const files = [
    main,
    ...(context.shared.has('mime_types') ? [mimeTypes()] : []),
    ...tlsProfiles(context, [main.content, ...sites.map(({ content }) => content)]),
    ...upstreams,
    ...sites,
  ];
  return { files, assets: [...context.assets.values()], sockets: socketsOf(balancer, layout) };
}

function mainDirectives({ balancer, layout }: Context): BuiltStatement[] {
  const { nginx, logging, snippets } = balancer;
  return [
    ...(layout.user === null ? [] : [directive('user', ...layout.user.split(' '))]),
    directive('worker_processes', 'auto'),
    comment('Two files a connection: one to the client, one to the server.'),
    directive('worker_rlimit_nofile', nginx.worker_connections * 2),
    comment('Old workers end at last, even if a client never does.'),
    directive('worker_shutdown_timeout', '1h'),
    directive('pid', layout.pid),
    ...from(['logging', 'error_level'], [directive('error_log', layout.errorLog, logging.error_level)]),
    directive('include', layout.modules),
    ...layout.loads.map((file) => directive('load_module', file)),
    ...parseSnippet(snippets.main, ['snippets', 'main']),
  ];
}

function eventsBlock({ balancer }: Context): BuiltStatement {
  return block(
    'events',
    [],
    [
      ...from(
        ['nginx', 'worker_connections'],
        [directive('worker_connections', balancer.nginx.worker_connections)],
      ),
      ...parseSnippet(balancer.snippets.events, ['snippets', 'events']),
    ],
  );
}

/** Upstreams of the http block; those that only stream listeners use stand in the stream block alone. */
function upstreamFile(context: Context): TreeFile[] {
  const { balancer } = context;
  const streamed = streamUpstreams(balancer);
  const routed = routedUpstreams(balancer);
  const shown = Object.entries(balancer.upstreams).filter(
    ([name]) => routed.has(name) || !streamed.has(name),
  );
  const blocks = shown.map(([name, upstream]) => renderUpstream(context, name, upstream, 'http'));
  return blocks.length === 0 ? [] : [treeFile('upstreams.conf', groups([ORIGIN], ...blocks))];
}

function siteFiles(context: Context): TreeFile[] {
  const names = new Set<string>();
  return context.balancer.routes.map((route, index) => {
    context.beside.length = 0;
    const servers = routeServers(context, route, index);
    let name = (route.host?.[0] ?? 'any-host').toLowerCase().replaceAll('*', 'wildcard');
    while (names.has(name)) name += `-${index + 1}`;
    names.add(name);
    const beside = from(['routes', index], context.beside);
    return treeFile(`sites/${name}.conf`, groups([ORIGIN], beside, ...servers.map((server) => [server])));
  });
}

function defaultSite(context: Context): TreeFile[] {
  const servers = defaultServers(context);
  if (servers.length === 0) return [];
  return [treeFile('sites/default.conf', groups([ORIGIN], ...servers.map((server) => [server])))];
}

/** The TLS profiles that some file includes. */
function tlsProfiles(context: Context, texts: readonly string[]): TreeFile[] {
  const modules = ['http', 'stream'] as const;
  const all = modules.flatMap((module) => [tlsProfile('intermediate', module), tlsProfile('modern', module)]);
  return all.filter(({ path }) => texts.some((text) => text.includes(`include ${ownPath(context, path)};`)));
}
