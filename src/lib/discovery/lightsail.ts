import { listInstances } from '../aws/lightsail/instances.ts';
import { type LightsailQuery, selectInstances } from './select-instances.ts';
import type { DiscoverySource, Question } from './source.ts';

/** Instances of Lightsail: one list a Region, however many upstreams ask for some of it. */
export const lightsail: DiscoverySource<LightsailQuery> = {
  async find(questions) {
    const regions = new Set(questions.map(({ query }) => query.region));
    const lists = new Map(
      await Promise.all([...regions].map(async (region) => [region, await listInstances(region)] as const)),
    );
    return questions.map((question: Question<LightsailQuery>) => {
      const { region, instances } = lists.get(question.query.region)!;
      return selectInstances(instances, question, region);
    });
  },
};
