import { provider } from '../../src/lib/providers/ec2/provider.ts';
import type { Loaded } from '../../src/lib/source/load.ts';
import type { Account } from './ec2-region.ts';
import { ec2Shop } from './ec2-shop.ts';

/** One of its kind. */
export const ONE = ec2Shop();
export const TWO = ec2Shop({
  regions: ['eu-west-1', 'us-east-1'],
  listeners: 'http: { port: 80 }, more: { port: 8080 }',
});
/** More than a call can hold. */
export const MANY = ec2Shop({
  listeners: Array.from({ length: 45 }, (_, index) => `l${index}: { port: ${3000 + index} }`).join(', '),
});
/** What commands do with a balancer on EC2, without asking its nodes, and what there is then. */
export function ec2Runs(currently: () => Account) {
  const told: string[] = [];
  const io = { notify: ({ text }: { text: string }) => void told.push(text), confirm: async () => true };

  /** Each as a run of its own; nodes are not asked. */
  async function up(loaded: Loaded) {
    const place = provider.locate(loaded);
    try {
      const nodes = await provider.nodes(place, {}, true);
      const desired = await provider.desire(place, loaded, {});
      const { steps, after = [] } = provider.plan(desired, await provider.observe(place));
      await provider.execute(steps, desired, io, new AbortController().signal);
      const newcomers = await provider.newcomers!(place, provider.bundle(desired));
      await newcomers.take(io);
      await provider.execute(after, desired, io, new AbortController().signal);
      return { steps, nodes, after };
    } finally {
      await provider.close(place);
    }
  }

  /** What `plan` and `down` would show. */
  async function looked(loaded: Loaded) {
    const place = provider.locate(loaded);
    await provider.nodes(place, {}, true);
    const seen = await provider.observe(place);
    const plan = provider.plan(await provider.desire(place, loaded, {}), seen);
    const removal = provider.planRemoval(place, seen);
    await provider.close(place);
    return { ...plan, removal };
  }

  const planned = async (loaded: Loaded) => (await looked(loaded)).steps;

  async function down(loaded: Loaded) {
    const place = provider.locate(loaded);
    try {
      const { steps } = provider.planRemoval(place, await provider.observe(place));
      await provider.remove(steps, place, io, new AbortController().signal);
      return steps;
    } finally {
      await provider.close(place);
    }
  }

  const stacks = () => currently().cloud.inventory();
  /** What there is, but for what differs from one making to the next. */
  const everything = (): unknown => ({
    stacks: stacks().map(({ name, region, changeSets, resources, protected: kept }) => ({
      name,
      region,
      kept,
      changeSets,
      resources: Object.keys(resources).toSorted(),
    })),
    buckets: currently()
      .s3.state()
      .buckets.map(({ objects }) => Object.keys(objects).toSorted()),
    groups: currently()
      .groups.state()
      .groups.map(({ desired, instances }) => [desired, instances.length]),
  });

  return { told, io, up, looked, planned, down, stacks, everything };
}
