import { expect, test } from 'vitest';
import { alarmResources } from '../../../../src/lib/metrics/alarms/stack.ts';
import { type AlarmSettings, wantedAlarms, watchedIn } from '../../../../src/lib/metrics/alarms/wanted.ts';
import { SHOP } from '../readings.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:ops';
const SETTINGS: AlarmSettings = {
  notify: [TOPIC],
  healthy: 2,
  target_resets: 100,
  lcus: 5,
  certificates: ['arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234'],
  cpu: 80,
  instances: ['i-0123456789abcdef0'],
};
const PARTS = {
  loadBalancer: 'LoadBalancer',
  targetGroups: { web: 'WebTargets', 'web-tls': 'WebTlsTargets' },
  autoScalingGroup: 'Nodes',
};

const resources = alarmResources('shop', PARTS, SETTINGS);

test('a stack has the alarms of lbctl alarms, with the same names', () => {
  const groups = ['web', 'web-tls'].map((name) => ({ name, arn: SHOP.groups[0]!.arn }));
  const there = wantedAlarms('shop', watchedIn({ ...SHOP, groups }), {
    ...SETTINGS,
    autoscaling_group: 'nodes',
  });
  expect(Object.values(resources).map(({ Properties }) => Properties['AlarmName'])).toEqual(
    there.map(({ name }) => name),
  );
  expect(Object.keys(resources)).toEqual([
    'AlarmNoHealthyHostWeb',
    'AlarmUnhealthyHostsWeb',
    'AlarmNoHealthyHostWebTls',
    'AlarmUnhealthyHostsWebTls',
    'AlarmRejectedFlows',
    'AlarmPortAllocationErrors',
    'AlarmTargetResets',
    'AlarmCapacityUnits',
    'AlarmCertificate123456781234',
    'AlarmNodeCpuNodes',
    'AlarmRecoverI0123456789abcdef0',
    'AlarmRebootI0123456789abcdef0',
    'AlarmCritical',
    'AlarmWarning',
  ]);
});

test('what they watch is filled in by CloudFormation', () => {
  expect(resources['AlarmNoHealthyHostWebTls']).toEqual({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'lbctl/shop/no-healthy-host/web-tls',
      AlarmDescription: 'Fewer than 2 targets of web-tls are healthy.',
      Namespace: 'AWS/NetworkELB',
      MetricName: 'HealthyHostCount',
      Dimensions: [
        { Name: 'LoadBalancer', Value: { 'Fn::Sub': '${LoadBalancer.LoadBalancerFullName}' } },
        { Name: 'TargetGroup', Value: { 'Fn::Sub': '${WebTlsTargets.TargetGroupFullName}' } },
      ],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      Threshold: 2,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      ActionsEnabled: true,
      AlarmActions: [],
    },
  });
  expect(resources['AlarmNodeCpuNodes']!.Properties['Dimensions']).toEqual([
    { Name: 'AutoScalingGroupName', Value: { 'Fn::Sub': '${Nodes}' } },
  ]);
  expect(resources['AlarmRecoverI0123456789abcdef0']!.Properties['AlarmActions']).toEqual([
    { 'Fn::Sub': 'arn:aws:automate:${AWS::Region}:ec2:recover' },
  ]);
});

test('those that tell people come after the ones that they name', () => {
  expect(resources['AlarmCritical']).toMatchObject({
    Type: 'AWS::CloudWatch::CompositeAlarm',
    DependsOn: [
      'AlarmNoHealthyHostWeb',
      'AlarmNoHealthyHostWebTls',
      'AlarmRejectedFlows',
      'AlarmPortAllocationErrors',
    ],
    Properties: {
      AlarmActions: [TOPIC],
      OKActions: [TOPIC],
      AlarmRule: expect.stringContaining('ALARM("lbctl/shop/no-healthy-host/web")'),
    },
  });
});
