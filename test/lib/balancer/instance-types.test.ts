import { expect, test } from 'vitest';
import { typeRemarks } from '../../../src/lib/balancer/instance-types.ts';
import { readBalancer } from '../../../src/lib/balancer/read.ts';

const remarks = (type: string): string[] =>
  typeRemarks(
    readBalancer(
      `name: shop\nprovider: ec2\nregions: [eu-west-1]\nec2: { instance_types: [${type}] }\nlisteners: { http: { port: 80 } }\nroutes: [{ paths: { /: { respond: 204 } } }]\n`,
      'lb.yaml',
    ).balancer,
  );

test.each([
  't4g.nano',
  't3a.2xlarge',
  'm7g.medium',
  'c7gn.16xlarge',
  'm7i-flex.large',
  'c6g.metal',
  'm7i.metal-24xl',
  'u7i-12tb.224xlarge',
])('%s may be', (type) => {
  expect(remarks(type)).toEqual([]);
});

test.each([
  ['t4g.smal', 'did you mean t4g.small?'],
  ['m7g.larg', 'did you mean m7g.large?'],
  ['t4g.4xlarge', 'did you mean t4g.2xlarge?'],
  ['m7g.micro', 'did you mean m7g.medium?'],
  ['t4g.huge', 'sizes are nano, micro, small, medium, large, xlarge, 2xlarge;'],
])('%s is told of', (type, says) => {
  expect(remarks(type)).toEqual([
    `there may be no instance type ${type}: ${says} aws ec2 describe-instance-types --instance-types ${type} tells`,
  ]);
});
