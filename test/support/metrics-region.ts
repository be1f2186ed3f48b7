import { cloudWatch, type Sample } from '../fake-aws/cloudwatch/service.ts';
import { type FakeGroup, fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import {
  elasticLoadBalancing,
  type FakeBalancer,
  groupArn,
} from '../fake-aws/elastic-load-balancing/service.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { FLOW_METRICS, NODE_METRICS } from '../../src/lib/metrics/catalog.ts';
import { lbctl, type Run } from './cli.ts';
import { CALM, samplesOf } from './flows.ts';
import { temporaryFolder } from './folder.ts';

export const SHOP: FakeBalancer = {
  name: 'shop',
  region: 'us-east-1',
  zones: ['us-east-1a', 'us-east-1b'],
  groups: ['web'],
};
const PAGES: FakeBalancer = { ...SHOP, name: 'pages', type: 'application', groups: [] };

export const NODES: FakeGroup = {
  name: 'shop-nodes',
  region: 'us-east-1',
  min: 1,
  max: 4,
  desired: 2,
  tags: {},
  instances: ['a', 'b'].map((zone, index) => ({
    id: `i-0123456789abcdef${index}`,
    zone: `us-east-1${zone}`,
    state: 'InService',
    healthy: true,
  })),
  targetGroupArns: [groupArn('us-east-1', 'web')],
};
const ELSEWHERE: FakeGroup = {
  ...NODES,
  name: 'pages-nodes',
  targetGroupArns: [groupArn('us-east-1', 'pages')],
};

/** What EC2 tells of the nodes of three hours, once in five minutes. */
function nodeSamples(now: Date): Sample[] {
  const last = Math.floor(now.getTime() / 300_000) * 300_000;
  return NODE_METRICS.flatMap(({ name }) =>
    Array.from({ length: 36 }, (_, index) => ({
      metric: name,
      dimensions: { AutoScalingGroupName: NODES.name },
      time: last - (index + 1) * 300_000,
      value: name === 'StatusCheckFailed' ? 0 : name === 'CPUUtilization' ? 12 : 2,
    })),
  );
}

type Answers = Parameters<typeof cloudWatch>[1];

/** A Region with one balancer that every metric tells of. */
export function region(answers?: Answers, ahead = 0): Promise<FakeAws> {
  const every = Object.fromEntries(FLOW_METRICS.map(({ name }) => [name, () => 3]));
  const samples = samplesOf(SHOP, { ...every, ...CALM }, 180, new Date(Date.now() + ahead));
  return startFakeAws(
    [
      elasticLoadBalancing([SHOP, PAGES]),
      fakeAutoScaling([ELSEWHERE, NODES]),
      cloudWatch([...samples, ...nodeSamples(new Date(Date.now() + ahead))], answers),
    ],
    { ahead },
  );
}

export async function metrics(fake: Pick<FakeAws, 'env'>, ...args: string[]): Promise<Run> {
  return trying(2, fake, ...args);
}

export async function trying(attempts: number, fake: Pick<FakeAws, 'env'>, ...args: string[]): Promise<Run> {
  const env = { ...fake.env, AWS_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: String(attempts) };
  return lbctl(['metrics', ...args], { cwd: await temporaryFolder(), env });
}

export interface Document {
  readonly loadBalancers: readonly {
    readonly name: string;
    readonly series: readonly {
      readonly metric: string;
      readonly statistic: string;
      readonly unit: string;
      readonly period: number;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly points: readonly (readonly [string, number | null])[];
    }[];
    readonly verdicts: readonly { readonly subject: string; readonly level: string }[];
  }[];
}
