import type { Alarm } from './alarm.ts';
import { type AlarmSettings, wantedAlarms } from './wanted.ts';
import { compositeInput, metricInput } from './words.ts';

/** Logical ids of a template: what the alarms of its balancer watch. */
export interface StackParts {
  /** Of an `AWS::ElasticLoadBalancingV2::LoadBalancer`. */
  readonly loadBalancer: string;
  /** Names for people, and ids of each `AWS::ElasticLoadBalancingV2::TargetGroup`. */
  readonly targetGroups: Readonly<Record<string, string>>;
  /** Of the `AWS::AutoScaling::AutoScalingGroup` of the nodes. */
  readonly autoScalingGroup: string;
}

/** A resource of a template of CloudFormation. */
export interface AlarmResource {
  readonly Type: 'AWS::CloudWatch::Alarm' | 'AWS::CloudWatch::CompositeAlarm';
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What the nodes of a stack are called in the name of their alarm: the group has no name before it is made. */
const NODES = 'nodes';

/**
 * The alarms of a balancer that is a stack, the same as `lbctl alarms` makes, as resources of its template by their
 * logical ids. Those of nodes are for the group of the template, whatever `autoscaling_group` says.
 */
export function alarmResources(
  name: string,
  { loadBalancer, targetGroups, autoScalingGroup }: StackParts,
  settings: AlarmSettings,
): Record<string, AlarmResource> {
  const watched = {
    region: '${AWS::Region}',
    loadBalancer: `\${${loadBalancer}.LoadBalancerFullName}`,
    groups: Object.entries(targetGroups).map(([group, id]) => ({
      name: group,
      dimension: `\${${id}.TargetGroupFullName}`,
    })),
  };
  const alarms = wantedAlarms(name, watched, { ...settings, autoscaling_group: NODES });
  const ids = new Map(alarms.map((alarm) => [alarm.name, idOf(alarm.name, name)]));
  return Object.fromEntries(
    alarms.map((alarm) => [ids.get(alarm.name)!, resourceOf(alarm, ids, autoScalingGroup)]),
  );
}

function resourceOf(alarm: Alarm, ids: ReadonlyMap<string, string>, group: string): AlarmResource {
  if (alarm.kind === 'composite')
    return {
      Type: 'AWS::CloudWatch::CompositeAlarm',
      // it names them, and CloudWatch takes none that are not there
      DependsOn: alarm.of.map((one) => ids.get(one)!),
      Properties: compositeInput(alarm),
    };
  const { AutoScalingGroupName: nodes, ...dimensions } = alarm.dimensions;
  const all = nodes === undefined ? dimensions : { AutoScalingGroupName: `\${${group}}` };
  const input = metricInput({ ...alarm, dimensions: all });
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...input,
      Dimensions: input.Dimensions.map(({ Name, Value }) => ({ Name, Value: filledIn(Value) })),
      AlarmActions: input.AlarmActions.map(filledIn),
    },
  };
}

/** What stands in `${…}` is filled in when the stack is made. */
function filledIn(text: string): unknown {
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}

/** `lbctl/shop/no-healthy-host/web` of shop is `AlarmNoHealthyHostWeb`: letters and digits alone. */
function idOf(alarm: string, name: string): string {
  const words = alarm.slice(`lbctl/${name}/`.length).split(/[^a-z\d]+/iu);
  return `Alarm${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}
