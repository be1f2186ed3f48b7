import { bucketNamed } from '../../src/lib/aws/s3.ts';
import { readBalancer } from '../../src/lib/balancer/read.ts';
import { desiredOnNodes } from '../../src/lib/providers/ec2/expected.ts';
import { lead } from '../../src/lib/providers/ec2/newcomers.ts';
import { nodesOf } from '../../src/lib/providers/ec2/nodes.ts';
import type { ReleaseFile } from '../../src/lib/release/build.ts';
import type { Node } from '../../src/lib/release/node/place.ts';
import { rollOut } from '../../src/lib/release/rollout/roll-out.ts';
import { survey } from '../../src/lib/release/rollout/survey.ts';
import { targetsOf } from '../../src/lib/release/rollout/target.ts';
import { type Store, storeIn } from '../../src/lib/release/store/store.ts';
import { bundleOf } from '../../src/lib/providers/ssh/desired.ts';
import type { Loaded } from '../../src/lib/source/load.ts';
import { fleetIn } from '../../src/lib/release/transports/ssm.ts';
import { userData } from '../../src/lib/render/bootstrap/user-data.ts';
import { fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import { fakeS3 } from '../fake-aws/s3/service.ts';
import { fakeLogs } from '../fake-aws/logs/service.ts';
import { fakeSsm } from '../fake-aws/ssm/service.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { substituted } from './boot.ts';
import { type Ec2Node, ROLE, startEc2Node } from './ec2-nodes.ts';
import { atEnd } from './lifetime.ts';

export const REGION = 'eu-west-1';
export const BUCKET = 'lbctl-shop-releases';
const GROUP = 'lbctl-shop-Nodes-1ABC';

/** A node of the group, as the tests see it. */
interface GroupNode extends Ec2Node {
  readonly instance: string;
  /** What it answers on port 80 to itself. */
  curl(path: string): string;
  /** What it has told Auto Scaling of its launch. */
  told(): readonly string[];
}

/** An Auto Scaling group with a bucket of releases, as a stack makes them. */
export interface Ec2Group {
  readonly aws: FakeAws;
  readonly groups: ReturnType<typeof fakeAutoScaling>;
  readonly ssm: ReturnType<typeof fakeSsm>;
  readonly store: Store;
  launch(more?: Partial<Parameters<typeof startEc2Node>[0]> & { bucket?: string }): Promise<GroupNode>;
}

/** lb.yaml of a balancer that answers with a body. */
function ec2Shop(body: string, more = ''): Loaded {
  const text = `name: shop
provider: ec2
regions: [${REGION}]
ec2: { image: debian_12 }
listeners: { http: { port: 80 } }
${more}
routes: [{ paths: { /: { respond: { body: "${body}" } } } }]
`;
  return { ...readBalancer(text, 'lb.yaml'), file: 'lb.yaml', folder: '/' };
}

/** A release that answers with a body, as the store takes it. */
export async function released(body: string): Promise<{
  readonly id: string;
  readonly files: readonly ReleaseFile[];
  readonly about: { author: string; message: string; source: string };
  readonly drained: readonly string[];
}> {
  const { id, files } = bundleOf(await desiredOnNodes(ec2Shop(body)));
  return {
    id,
    files,
    about: { author: 'ops@here', message: body, source: 'lb.yaml' },
    drained: [],
  };
}

/** Starts what is AWS's; the environment of the tests leads there from then on. */
export async function ec2Group(): Promise<Ec2Group> {
  const s3 = fakeS3([{ name: BUCKET, region: REGION }]);
  const groups = fakeAutoScaling([
    {
      name: GROUP,
      region: REGION,
      min: 2,
      max: 2,
      desired: 2,
      tags: {},
      hooks: ['LaunchHook'],
      instances: [],
    },
  ]);
  const ssm = fakeSsm();
  const aws = await startFakeAws([s3, groups, ssm, fakeLogs(['lbctl-shop-Log-1ABC'])], { credentials: ROLE });
  Object.assign(process.env, aws.env);
  const store = storeIn(bucketNamed(BUCKET, REGION));
  atEnd(() => store.close());
  let count = 0;
  return {
    aws,
    groups,
    ssm,
    store,
    async launch({ bucket = BUCKET, ...more } = {}) {
      const instance = `i-${String(++count).padStart(17, '0')}`;
      groups.launch(GROUP, instance, `${REGION}a`);
      const text = userData(ec2Shop('').balancer)
        .replace(/^patience=.*$/mu, "patience='3'")
        .replace(/^beat=.*/mu, "beat='100'");
      const options = { aws, userData: substituted(text, bucket, REGION), instance, group: GROUP };
      const node = await startEc2Node({ ...options, ...more });
      // its agent starts beside user data
      ssm.register({ id: instance, region: REGION, execute: node.run });
      return {
        ...node,
        instance,
        curl: (path) => node.machine.sh(`curl -s http://127.0.0.1${path}`),
        told: () => groups.instance(instance)!.told ?? [],
      };
    },
  };
}

/** Real machines of a group that have booted, and what a release does over them. */
export interface BootedFleet extends Ec2Group {
  readonly machines: readonly GroupNode[];
  readonly nodes: readonly Node[];
  /** What each answers. */
  answers(): string[];
  roll(release: Awaited<ReturnType<typeof released>>): ReturnType<typeof rollOut>;
}

/** Boots three of them with the release `one`. */
export async function bootedFleet(): Promise<BootedFleet> {
  const group = await ec2Group();
  const fleet = fleetIn(group.store);
  atEnd(() => fleet.close());
  await lead(group.store, await released('one'), await group.store.look());
  const machines = await Promise.all([1, 2, 3].map(() => group.launch()));
  await Promise.all(machines.map((machine) => machine.boot()));
  const nodes = await nodesOf(GROUP, REGION, fleet);
  return {
    ...group,
    machines,
    nodes,
    answers: () => machines.map((machine) => machine.curl('/')),
    async roll({ id, files, about }) {
      const activation = { action: 'deploy', about, watch: 0, wait: 5 };
      const targets = targetsOf(await survey(nodes), ({ state }) => ({
        id,
        files,
        isThere: state!.releases.includes(id),
        activation,
      }));
      return rollOut(targets, {
        limits: { batch: 3, maxErrors: 0 },
        pause: 0,
        watcher: { brings: () => {}, progress: () => {}, settled: () => {}, note: () => {} },
        signal: new AbortController().signal,
      });
    },
  };
}

/** What became of each node. */
export function outcomes({ nodes }: Awaited<ReturnType<typeof rollOut>>): string[] {
  return nodes.map(({ outcome }) => outcome);
}
