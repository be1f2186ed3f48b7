import type { Lists } from '../aws/lightsail/lists.ts';
import { type FoundServer, withFound } from '../balancer/found.ts';
import type { Discover } from '../balancer/schema/balancer.ts';
import { UserError } from '../errors.ts';
import type { Loaded } from '../source/load.ts';
import { type SourceName, sources } from './registry.ts';
import type { Answer, DiscoverySource } from './source.ts';

/**
 * lb.yaml with the servers of the upstreams that discover them.
 * @param lists of instances that others look at in the same run.
 * @throws UserError where a source cannot be asked, or an upstream would have no server.
 */
export async function discovered(loaded: Loaded, lists: Lists): Promise<Loaded> {
  const { balancer, source } = loaded;
  const asking = Object.entries(balancer.upstreams).flatMap(([upstream, { discover }]) =>
    discover ? [{ upstream, discover }] : [],
  );
  const answers = new Map<string, Answer>();
  for (const name of Object.keys(sources) as SourceName[]) {
    const questions = asking.filter(({ discover }) => discover[name] !== undefined);
    if (questions.length === 0) continue;
    const asked = (await sources[name]()) as DiscoverySource<NonNullable<Discover[SourceName]>>;
    const found = await asked.find(
      questions.map(({ upstream, discover }) => ({
        upstream,
        query: discover[name]!,
        port: discover.port,
        balancer: balancer.name,
        home: balancer.regions?.[0],
      })),
      lists,
    );
    for (const [index, { upstream }] of questions.entries()) answers.set(upstream, found[index]!);
  }
  for (const [upstream, { servers, none }] of answers)
    if (servers.length === 0)
      throw new UserError(
        'failed',
        'none-found',
        `no server is found for upstream ${upstream}: ${none?.message}`,
        {
          hint: none?.hint,
          span: source.spanOf(['upstreams', upstream, 'discover']),
        },
      );
  const found: Record<string, readonly FoundServer[]> = {};
  for (const [upstream, { servers }] of answers) found[upstream] = servers;
  return {
    ...loaded,
    balancer: withFound(balancer, found),
    found,
    remarks: [...answers.values()].flatMap(({ remarks }) => remarks),
  };
}

/** The same; where servers cannot be found, the rest all the same, with the reason. */
export async function discoveredAsFar(loaded: Loaded, lists: Lists): Promise<Loaded> {
  try {
    return await discovered(loaded, lists);
  } catch (error) {
    if (error instanceof UserError) return { ...loaded, undiscovered: error };
    throw error;
  }
}
