import { targetsOf } from '../../aws/target-health.ts';
import { UserError } from '../../errors.ts';
import type { TargetStatus } from '../provider.ts';
import type { Place } from './place.ts';

/** What AWS's codes mean here (`TargetHealth` of Elastic Load Balancing). */
const MEANINGS: Readonly<Record<string, string>> = {
  'Elb.RegistrationInProgress': 'the load balancer is just taking it in',
  'Elb.InitialHealthChecking': 'its first health checks are under way',
  'Elb.InternalError': 'AWS itself has trouble and cannot tell',
  'Target.ResponseCodeMismatch': 'its health location answers something else than 200',
  'Target.Timeout': 'its health location does not answer in time',
  'Target.FailedHealthChecks': 'no connection to its health location comes about',
  'Target.NotRegistered': 'it is just being taken out',
  'Target.NotInUse': 'no listener leads to it, or the load balancer is not in its zone',
  'Target.InvalidState': 'the instance is stopped or ended',
  'Target.IpUnusable': 'its address is one of the load balancer',
  'Target.HealthCheckDisabled': 'somebody has switched the health checks off',
  'Target.DeregistrationInProgress': 'it gets no new connections, and those that are open may end',
};

/** What the load balancers of all Regions say of nodes: a call for each target group, beside one for the stack. */
async function targetHealth(place: Place): Promise<TargetStatus[]> {
  const all = await Promise.all(
    (await place.regions()).map(async ({ region, targetGroups }) => {
      const groups = await targetGroups();
      const found = await targetsOf(
        groups.map(({ arn }) => arn),
        region,
      );
      return groups.flatMap(({ logicalId: group }, index) =>
        found[index]!.map(({ instance: node, state, reason, description }): TargetStatus => ({
          region,
          group,
          port: Number(/\d+$/u.exec(group)?.[0]),
          node,
          state,
          reason,
          meaning: reason === null ? null : (MEANINGS[reason] ?? description),
        })),
      );
    }),
  );
  return all.flat();
}

/** The same, or why it may not be asked: everything else can be told in any case. */
export async function targetHealthOr(place: Place): Promise<TargetStatus[] | UserError> {
  try {
    return await targetHealth(place);
  } catch (error) {
    if (error instanceof UserError && error.kind === 'denied') return error;
    throw error;
  }
}

/** What is not as it should be: a line for each node, with all ports where it is so. */
export function targetRemarks(targets: readonly TargetStatus[]): string[] {
  const wrong = targets.filter(({ state }) => state !== 'healthy');
  const dead = targets.filter(({ region, group }) =>
    targets
      .filter((one) => one.region === region && one.group === group)
      .every(({ state }) => state.startsWith('unhealthy')),
  );
  return [
    ...alike(wrong, ({ node, state, reason }) => `${node} ${state} ${reason}`).map((group) => {
      const [{ node, state, reason, meaning }] = group as [TargetStatus];
      const why = [meaning, reason && `(${reason})`].filter(Boolean).join(' ');
      return `${node} is ${state} at ${portsOf(group)}${why === '' ? '' : `: ${why}`}`;
    }),
    ...alike(dead, ({ region }) => region).map(
      (group) =>
        `no node in ${group[0]!.region} is healthy at ${portsOf(group)}: the load balancer sends connections to all of them all the same`,
    ),
  ];
}

/** Those that have the same in common, in order. */
function alike(all: readonly TargetStatus[], common: (one: TargetStatus) => string): TargetStatus[][] {
  const keys = [...new Set(all.map(common))];
  return keys.map((key) => all.filter((one) => common(one) === key));
}

/** `port 80`, `ports 80, 443`. */
function portsOf(targets: readonly TargetStatus[]): string {
  const ports = [
    ...new Set(
      targets.map(({ port, group }) => `${port}${group.startsWith('Proxy') ? ' (PROXY protocol)' : ''}`),
    ),
  ];
  return `${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;
}
