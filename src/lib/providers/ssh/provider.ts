import { UserError } from '../../errors.ts';
import { withDrained } from '../../pool/drained.ts';
import { buildRelease, type Release } from '../../release/build.ts';
import { manifestOf } from '../../render/manifest.ts';
import { render } from '../../render/render.ts';
import type { Loaded } from '../../source/load.ts';
import type { Provider } from '../provider.ts';
import { agreedLayout } from './agree.ts';
import { askAll, type Host, hostsOf } from './hosts.ts';
import { layoutOf, ROOT } from './places.ts';
import { status } from './status.ts';
import { forNodes, warningsOf } from './target.ts';

interface Place {
  readonly name: string;
  readonly hosts: readonly Host[];
}

/** A balancer on its nodes, as it should be. */
interface Desired {
  readonly name: string;
  readonly release: Release;
  /** What the script of a node looks at once the release serves. */
  readonly manifest: string;
  readonly warnings: readonly string[];
}

/** Machines that are there already and run NGINX from packages: releases are all that comes to them. */
export const provider: Provider<Place, Desired, null, never, never> = {
  name: 'ssh',
  locate: (loaded) => ({ name: loaded.balancer.name, hosts: hostsOf(loaded) }),
  desire,
  observe: async () => null,
  plan: ({ name }) => ({ balancer: name, provider: 'ssh', steps: [] }),
  check: async () => undefined,
  planRemoval({ name }) {
    throw new UserError(
      'usage',
      'not-removed',
      `${name} is on machines that lbctl has not made, and stays there`,
      {
        hint: `what was there before comes back on a node with: sudo cp --remove-destination ${ROOT}/before/nginx.conf /etc/nginx/ && sudo nginx -s reload`,
      },
    );
  },
  execute: async () => undefined,
  remove: async () => undefined,
  // every node sees to it that one is at work at a time
  exclusively: (_, __, work) => work(),
  nodes: async ({ hosts }) => (await askAll(hosts)).map(({ node }) => node),
  bundle: ({ release: { digest, files }, manifest, warnings }) => ({
    id: digest,
    files: [...files, { path: 'manifest', content: Buffer.from(manifest), mode: 0o644 }],
    warnings,
  }),
  status: ({ hosts, name }, loaded) =>
    status(hosts, async (drained) => {
      try {
        return (await desire({ hosts, name }, withDrained(loaded, drained))).release.digest;
      } catch (error) {
        if (error instanceof UserError) return error;
        throw error;
      }
    }),
  close: async ({ hosts }) => void (await Promise.all(hosts.map(({ transport }) => transport.close()))),
};

async function desire({ name, hosts }: Place, loaded: Loaded): Promise<Desired> {
  const nodes = await askAll(hosts);
  const balancer = forNodes(loaded, nodes);
  const layouts = nodes.map(
    ({ name: node, nginx, facts }) => [node, layoutOf(node, nginx, facts, balancer)] as const,
  );
  const layout = agreedLayout(new Map(layouts), balancer);
  const release = await buildRelease(render(balancer, layout), loaded.folder);
  const folders = Object.keys(balancer.caches).length > 0 ? `folder ${layout.cacheFolder}\n` : '';
  const manifest = `${manifestOf(balancer, release.sockets, loaded.drained)}${folders}`;
  return { name, release, manifest, warnings: nodes.flatMap(warningsOf) };
}
