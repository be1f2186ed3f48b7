import { type Wanted, wantedCertificates } from '../../certificates/wanted.ts';
import { buildRelease, type Release } from '../../release/build.ts';
import { manifestOf } from '../../render/manifest.ts';
import { render } from '../../render/render.ts';
import type { Loaded } from '../../source/load.ts';
import type { Bundle } from '../provider.ts';
import { agreedLayout } from './agree.ts';
import type { Known } from './hosts.ts';
import { layoutOf } from './places.ts';
import { forNodes, warningsOf } from './target.ts';

/** A balancer on its nodes, as it should be. */
export interface Desired {
  readonly name: string;
  readonly release: Release;
  /** What the script of a node looks at once the release serves. */
  readonly manifest: string;
  readonly warnings: readonly string[];
  readonly certificates: readonly Wanted[];
}

/**
 * What a balancer is on some nodes.
 * @throws UserError `failed` where they differ in what it depends on, or one cannot run it.
 */
export async function desiredOn(name: string, loaded: Loaded, nodes: readonly Known[]): Promise<Desired> {
  const balancer = forNodes(loaded, nodes);
  const layouts = nodes.map(
    ({ name: node, nginx, facts }) => [node, layoutOf(node, nginx, facts, balancer)] as const,
  );
  const layout = agreedLayout(new Map(layouts), balancer);
  const release = await buildRelease(render(balancer, layout), loaded.folder);
  const folders = Object.keys(balancer.caches).length > 0 ? `folder ${layout.cacheFolder}\n` : '';
  const manifest = `${manifestOf(balancer, release.sockets, loaded.drained)}${folders}`;
  return {
    name,
    release,
    manifest,
    warnings: nodes.flatMap(warningsOf),
    certificates: wantedCertificates(balancer, loaded.folder),
  };
}

/** What a release brings to nodes. */
export function bundleOf({ release: { digest, files }, manifest, warnings, certificates }: Desired): Bundle {
  return {
    id: digest,
    files: [...files, { path: 'manifest', content: Buffer.from(manifest), mode: 0o644 }],
    warnings,
    certificates,
  };
}
