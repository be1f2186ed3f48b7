import type { Balancer } from './schema/balancer.ts';
import type { Path } from './place.ts';

/** Raw NGINX directives of lb.yaml, and where they stand. */
export interface Snippet {
  readonly path: Path;
  readonly text: string;
}

/** All snippets of a balancer. */
export function snippetsOf({ snippets, listeners, upstreams, routes }: Balancer): Snippet[] {
  const found: { path: Path; text: string | undefined }[] = [
    ...Object.entries(snippets).map(([key, text]) => ({ path: ['snippets', key], text })),
    ...Object.entries(listeners).map(([name, { snippet }]) => ({
      path: ['listeners', name, 'snippet'],
      text: snippet,
    })),
    ...Object.entries(upstreams).map(([name, { snippet }]) => ({
      path: ['upstreams', name, 'snippet'],
      text: snippet,
    })),
    ...routes.flatMap(({ snippet, paths }, index) => [
      { path: ['routes', index, 'snippet'], text: snippet },
      ...Object.entries(paths).map(([key, path]) => ({
        path: ['routes', index, 'paths', key, 'snippet'],
        text: path.snippet,
      })),
    ]),
  ];
  return found.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}
