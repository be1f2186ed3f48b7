import { expect, test } from 'vitest';
import { verdictsOn } from '../../../../src/lib/metrics/verdicts/judge.ts';
import { readings, SHOP } from '../readings.ts';

interface Nodes {
  /** Of each of twelve points of five minutes. */
  readonly mean?: (point: number) => number | undefined;
  readonly most?: (point: number) => number | undefined;
  readonly failed?: (point: number) => number;
  readonly inService?: number;
}

function told({ mean = () => 12, most = mean, failed = () => 0, inService = 3 }: Nodes): string[] {
  const nodes = [{ name: 'shop-nodes', desired: 3, inService }];
  const every =
    <Value>(value: (point: number) => Value) =>
    (minute: number): Value | undefined =>
      minute % 5 === 0 ? value(minute / 5) : undefined;
  const of = readings(
    {
      CPUUtilization: (minute, { statistic }) => every(statistic === 'Average' ? mean : most)(minute),
      StatusCheckFailed: every(failed),
    },
    { ...SHOP, nodes },
  );
  return verdictsOn(of)
    .filter(({ subject }) => subject === 'nodes')
    .map(({ level, message }) => `${level} ${message}`);
}

test.each<[string, Nodes, string[]]>([
  ['that have little to do', {}, ['ok shop-nodes: 3 nodes, CPU mean 12 %, most 12 %']],
  ['that are missing', { inService: 2 }, ['warning shop-nodes: 2 of 3 nodes in service now']],
  ['none of which serves', { inService: 0 }, ['critical shop-nodes: 0 of 3 nodes in service now']],
  [
    'that are busy now',
    { mean: (point) => (point > 8 ? 90 : 10) },
    ['warning shop-nodes: the CPUs are busy: now 90 %, mean 30 %'],
  ],
  [
    'that were busy nearly all the time',
    { mean: (point) => (point > 9 ? 10 : 99) },
    ['warning shop-nodes: the CPUs are busy: now 10 %, mean 84 %'],
  ],
  [
    'one of which works alone',
    { mean: () => 30, most: (point) => (point > 5 ? 95 : 30) },
    ['warning shop-nodes: one node does most of the work: 95 %, the mean is 30 %'],
  ],
  [
    'one of which had a job of a few minutes',
    { mean: () => 30, most: (point) => (point === 10 ? 95 : 30) },
    ['ok shop-nodes: 3 nodes, CPU mean 30 %, most 95 %'],
  ],
  [
    'all of which have much to do, one some more',
    { mean: () => 60, most: () => 95 },
    ['ok shop-nodes: 3 nodes, CPU mean 60 %, most 95 %'],
  ],
  [
    'one of which fails its checks',
    { failed: (point) => (point > 8 ? 1 : 0) },
    ['warning shop-nodes: a node fails its status checks'],
  ],
  [
    'one of which failed them',
    { failed: (point) => (point === 3 ? 1 : 0) },
    ['info shop-nodes: a node failed its status checks, last at 06-30 11:15 UTC'],
  ],
  [
    'without samples',
    { mean: () => undefined },
    ['info shop-nodes: 3 nodes; EC2 has no samples of this time'],
  ],
])('nodes %s', (_, nodes, expected) => {
  expect(told(nodes)).toEqual(expected);
});

test('of a balancer whose nodes are not known nothing is said of them', () => {
  expect(verdictsOn(readings()).map(({ subject }) => subject)).not.toContain('nodes');
});
