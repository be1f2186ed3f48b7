import type { FakeGroup } from '../fake-aws/auto-scaling/service.ts';
import { lbctl, type Run } from './cli.ts';
import { type Ec2Node, startEc2Node } from './ec2-nodes.ts';
import { type Account, ec2Account, type Launched } from './ec2-region.ts';
import { temporaryFolder, writeFiles } from './folder.ts';

/** How a first boot went. */
type Booted = Awaited<ReturnType<Ec2Node['boot']>>;

/** An account with real machines behind the instances of its groups, and a folder with an lb.yaml. */
export interface Ec2Life {
  readonly account: Account;
  readonly cwd: string;
  write(lbYaml: string): Promise<void>;
  run(...args: readonly string[]): Promise<Run>;
  /** Machines that are there, the oldest first. */
  machines(): readonly Ec2Node[];
  /** The IDs of their instances. */
  instances(): string[];
  /** Ends one, in the place of which the group launches another. */
  end(instance: string): void;
  /** Waits until all that was launched so far has booted. */
  booted(): Promise<readonly Booted[]>;
  /** What clients get at a port of the load balancer, from each healthy node that it leads them to. */
  reach(port: number, path?: string): string[];
}

/** @param boots does in place of a first boot what a test wants, with a machine that has not begun. */
export async function ec2Life(
  boots: (node: Ec2Node, instance: Launched) => Promise<Booted> = (node) => node.boot(),
): Promise<Ec2Life> {
  const cwd = await temporaryFolder();
  const machines = new Map<string, Ec2Node>();
  const gone = new Set<string>();
  const starting: Promise<Booted>[] = [];
  const account = await ec2Account({
    launched: (instance) => void starting.push(start(instance)),
    ended,
  });
  account.groups.settings.looks = 1;

  function ended(id: string): void {
    gone.add(id);
    account.ssm.forget(id);
    machines.get(id)?.machine.cut();
    machines.delete(id);
  }

  function end(instance: string): void {
    const { groups } = account;
    const group = groups.state().groups.find(({ instances }) => instances.some(({ id }) => id === instance))!;
    groups.end(group.name, instance);
    ended(instance);
    groups.act(group.name);
  }

  async function start(instance: Launched): Promise<Booted> {
    const { id, group, region } = instance;
    // time goes a hundred times as fast there
    const userData = instance.userData.replace(/^beat=.*/mu, "beat='100'");
    const node = await startEc2Node({ aws: account.aws, userData, instance: id, group });
    if (gone.has(id)) return { code: null, console: 'it ended before it began' };
    machines.set(id, node);
    account.ssm.register({ id, region, execute: node.run });
    return boots(node, instance);
  }

  return {
    account,
    cwd,
    write: (text) => writeFiles(cwd, { 'lb.yaml': text }),
    run: (...args) => lbctl(args, { cwd, env: account.aws.env }),
    machines: () => [...machines].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node),
    instances: () => [...machines.keys()].toSorted(),
    end,
    booted: () => Promise.all(starting),
    reach: (port, path = '/') => reach({ account, machines }, port, path),
  };
}

interface Made {
  readonly physicalId: string;
  readonly properties: Readonly<Record<string, never>>;
}

/** Goes the way of a connection: listener, target group, group of nodes, and those of them that pass its health check. */
function reach(
  { account, machines }: { readonly account: Account; readonly machines: ReadonlyMap<string, Ec2Node> },
  port: number,
  path: string,
): string[] {
  return Object.values(account.cloud.state().stacks).flatMap(({ resources }) => {
    const all = Object.values(resources) as unknown as (Made & { readonly type: string })[];
    const ofType = (type: string): Made[] => all.filter((one) => one.type === `AWS::${type}`);
    const listener = ofType('ElasticLoadBalancingV2::Listener').find(
      ({ properties }) => properties['Port'] === port,
    );
    if (!listener) return [];
    const [action] = listener.properties['DefaultActions'] as unknown as [{ TargetGroupArn: string }];
    const targets = ofType('ElasticLoadBalancingV2::TargetGroup').find(
      ({ physicalId }) => physicalId === action.TargetGroupArn,
    )!;
    const { Port, HealthCheckPort, HealthCheckPath } = targets.properties;
    const isLedTo = ({ targetGroupArns }: FakeGroup): boolean =>
      targetGroupArns?.includes(targets.physicalId) === true;
    return account.groups
      .state()
      .groups.filter(isLedTo)
      .flatMap(({ instances }) => instances)
      .filter(({ state }) => state === 'InService')
      .flatMap(({ id }) => {
        const { machine } = machines.get(id)!;
        const ask = (at: string) => machine.sh(`curl -sf --max-time 5 http://127.0.0.1:${at} || echo none`);
        return ask(`${HealthCheckPort}${HealthCheckPath}`) === 'none' ? [] : [ask(`${Port}${path}`)];
      });
  });
}
