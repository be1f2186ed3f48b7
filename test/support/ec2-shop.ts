import { stacksIn } from '../../src/lib/aws/cloudformation/stacks.ts';
import { readBalancer } from '../../src/lib/balancer/read.ts';
import { bringStack, removeStack, type Tools } from '../../src/lib/providers/ec2/bring.ts';
import { CHANGE_SET, observeStack, type RegionWorld } from '../../src/lib/providers/ec2/world.ts';
import { wantedStack } from '../../src/lib/providers/ec2/wanted.ts';
import type { Loaded } from '../../src/lib/source/load.ts';

interface Keys {
  readonly regions?: readonly string[];
  /** Inside of `ec2`. */
  readonly ec2?: string;
  readonly listeners?: string;
  readonly more?: string;
}

/** A balancer on EC2 as lb.yaml has it. */
export function ec2Shop(keys: Keys = {}): Loaded {
  const { regions = ['eu-west-1'], ec2 = '', listeners = 'http: { port: 80 }', more = '' } = keys;
  const text = `name: shop
provider: ec2
regions: [${regions.join(', ')}]
${ec2 === '' ? '' : `ec2: { ${ec2} }`}
listeners: { ${listeners} }
${more}
routes: [{ paths: { /: { respond: 204 } } }]
`;
  return { ...readBalancer(text, 'lb.yaml'), file: 'lb.yaml', folder: '/' };
}

/** The stack of a balancer in the first of its Regions, without nodes; each call is a run of its own. */
export function stackLife(loaded: Loaded, more: Partial<Tools> = {}) {
  const region = loaded.balancer.regions![0]!;
  const wanted = wantedStack(loaded.balancer, region);
  const told: string[] = [];
  async function run<Result>(work: (tools: Tools) => Promise<Result>): Promise<Result> {
    const stacks = stacksIn(region);
    try {
      return await work({
        stacks,
        send: async (text) => ({ text }),
        tell: (text) => void told.push(text),
        fill: async () => undefined,
        empty: async () => undefined,
        ...more,
      });
    } finally {
      stacks.close();
    }
  }
  return {
    told,
    plan: (): Promise<RegionWorld> =>
      run(async ({ stacks, send }) => {
        const world = await observeStack(stacks, wanted, send);
        await stacks.withdraw(wanted.name, CHANGE_SET);
        return world;
      }),
    up: (): Promise<RegionWorld> =>
      run(async (tools) => {
        const world = await observeStack(tools.stacks, wanted, tools.send);
        await bringStack(wanted, world, tools);
        return world;
      }),
    down: (): Promise<void> =>
      run(async (tools) => {
        const stack = await tools.stacks.stack(wanted.name);
        if (stack) await removeStack(wanted, stack.id, tools);
      }),
  };
}
