import type { Balancer } from '../../balancer/schema/balancer.ts';
import { UserError } from '../../errors.ts';
import { alike } from '../../release/alike.ts';
import type { Layout } from '../../render/layout.ts';
import { render } from '../../render/render.ts';

/** What people call what a layout holds. */
const WORDS: Readonly<Partial<Record<keyof Layout, string>>> = {
  user: 'user',
  pid: 'pid file',
  errorLog: 'error log',
  accessLog: 'access log',
  streamLog: 'log of streams',
  cacheFolder: 'folder of caches',
  systemCa: 'certificate authorities',
  modules: 'files that load modules',
  loads: 'modules that nothing loads yet',
};

/**
 * The layout that holds on all nodes; where some differ in what the balancer does not use, the first one's.
 * @param layouts by the name of the node.
 * @throws UserError `failed` with what differs, and how.
 */
export function agreedLayout(layouts: ReadonlyMap<string, Layout>, balancer: Balancer): Layout {
  const first = [...layouts.values()][0]!;
  const text = textOf(balancer, first);
  const evidence = (Object.keys(WORDS) as (keyof Layout)[]).flatMap((key) => {
    const others = [...layouts.values()].filter((layout) => shown(layout[key]) !== shown(first[key]));
    const matters = others.some((other) => textOf(balancer, { ...first, [key]: other[key] }) !== text);
    return matters ? [`${WORDS[key]}: ${variants(layouts, key)}`] : [];
  });
  if (evidence.length === 0) return first;
  throw new UserError('failed', 'nodes-differ', 'the nodes differ in what their configuration depends on', {
    evidence,
    hint: 'install NGINX the same way on all of them, or give each kind an lb.yaml of its own',
  });
}

function textOf(balancer: Balancer, layout: Layout): string {
  return JSON.stringify(render(balancer, layout).files.map(({ content }) => content));
}

/** `/run/nginx.pid on a, b; /var/run/nginx.pid on c`. */
function variants(layouts: ReadonlyMap<string, Layout>, key: keyof Layout): string {
  return alike([...layouts], ([, layout]) => shown(layout[key]))
    .map((nodes) => `${shown(nodes[0][1][key])} on ${nodes.map(([name]) => name).join(', ')}`)
    .join('; ');
}

function shown(value: Layout[keyof Layout]): string {
  return Array.isArray(value) ? value.join(' ') || 'none' : String(value);
}
