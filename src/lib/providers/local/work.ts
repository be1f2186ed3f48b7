import type { Release } from '../../release/build.ts';
import type { Nginx } from './nginx.ts';
import type { Places } from './places.ts';

/** All that a step needs beside itself. */
export interface Work {
  readonly places: Places;
  readonly nginx: Nginx;
  readonly release: Release;
  /** What the node's script looks at once the release serves. */
  readonly manifest: string;
  /** Module files that NGINX has to load. */
  readonly modules: readonly string[];
}
