import type { Balancer } from '../balancer/schema/balancer.ts';
import type { BuiltStatement } from '../nginx/build.ts';
import { atLeast } from '../nginx/version.ts';
import { behindBalancer, endedPorts } from './behind.ts';
import type { Layout } from './layout.ts';
import type { Asset } from './tree.ts';

/** What a rendering gathers while it walks through the balancer. */
export interface Context {
  readonly balancer: Balancer;
  readonly layout: Layout;
  /** Variable that holds the scheme of the client, without its dollar sign. */
  readonly scheme: 'scheme' | 'lbctl_scheme';
  /** Ports whose connections clients have made by TLS that has ended in front. */
  readonly ended: ReadonlySet<number>;
  /** Whether the target NGINX is `since` or newer. */
  has(since: string): boolean;
  /** Whether the subscription's directives may be used. */
  readonly plus: boolean;
  /** Statements that stand beside the server block that needs them, in the http block. */
  readonly beside: BuiltStatement[];
  /** Helpers shared by all, such as a variable that holds a dollar sign. */
  readonly shared: Set<Helper>;
  readonly assets: Map<string, Asset>;
}

type Helper = 'dollar' | 'upgrade' | 'mime_types';

/** @param given lb.yaml as it is, on whatever it runs behind. */
export function createContext(given: Balancer, layout: Layout): Context {
  const balancer = behindBalancer(given);
  const ended = endedPorts(given);
  const { version, plus } = balancer.nginx;
  return {
    balancer,
    layout,
    scheme: ended.size > 0 ? 'lbctl_scheme' : 'scheme',
    ended,
    has: (since) => atLeast(version, since),
    plus,
    beside: [],
    shared: new Set(),
    assets: new Map(),
  };
}

/** A file of the tree as the configuration names it. */
export function ownPath({ layout }: Context, path: string): string {
  return layout.folder === '' ? path : `${layout.folder}/${path}`;
}

/**
 * The path under which a file of lb.yaml is known to NGINX: an absolute path stays, a relative one names a file
 * that travels with the configuration.
 * @param folder below which it goes, such as `tls`.
 */
export function assetPath(context: Context, folder: string, source: string, secret: boolean): string {
  if (source.startsWith('/')) return source;
  const path = `${folder}/${source.replace(/^(\.\/)+/u, '')}`;
  context.assets.set(path, { source, path, secret, form: { kind: 'copy' } });
  return ownPath(context, path);
}

/** A file whose first line becomes a variable; gives the variable, with its dollar sign. */
export function secretVariable(context: Context, source: string): string {
  const known = [...context.assets.values()].filter(({ form }) => form.kind === 'variable');
  const same = known.find((asset) => asset.source === source);
  const variable = same?.form.kind === 'variable' ? same.form.variable : `secret_${known.length + 1}`;
  const path = `secrets/${variable}.conf`;
  context.assets.set(path, { source, path, secret: true, form: { kind: 'variable', variable } });
  return `$${variable}`;
}
