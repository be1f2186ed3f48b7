import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inventoryIn, kinds } from '../../../../src/lib/aws/inventory/inventory.ts';
import { fakeAcm } from '../../../fake-aws/acm/service.ts';
import { fakeAutoScaling } from '../../../fake-aws/auto-scaling/service.ts';
import { fakeEc2, type FakeVpc } from '../../../fake-aws/ec2/service.ts';
import { startFakeAws } from '../../../fake-aws/server.ts';
import { sns } from '../../../fake-aws/sns/service.ts';

const HOME = 'eu-west-1';
const acm = (region: string, id: string): string => `arn:aws:acm:${region}:111122223333:certificate/${id}`;
const topic = (region: string, name: string): string => `arn:aws:sns:${region}:111122223333:${name}`;

async function account(...services: Parameters<typeof startFakeAws>[0]) {
  const aws = await startFakeAws(services);
  Object.assign(process.env, aws.env);
  return aws;
}

test('VPCs tell which of their subnets lead to the internet, and how', async () => {
  const main: FakeVpc = {
    id: 'vpc-1',
    region: HOME,
    name: 'main',
    cidr: '10.1.0.0/16',
    more: [
      { cidr: '10.9.0.0/16', state: 'associated' },
      { cidr: '10.8.0.0/16', state: 'disassociated' },
    ],
    main: 'nat-1',
    subnets: [
      { id: 'subnet-4', zone: `${HOME}b` },
      { id: 'subnet-2', zone: `${HOME}b`, way: 'igw-1' },
      { id: 'subnet-1', zone: `${HOME}a`, way: 'igw-1' },
      { id: 'subnet-3', zone: `${HOME}a`, way: 'local' },
      { id: 'subnet-5', zone: `${HOME}a`, way: 'nat-2', blackhole: true },
      { id: 'subnet-6', zone: `${HOME}a`, way: 'igw-1', state: 'pending' },
      { id: 'subnet-7', zone: `${HOME}a`, way: 'igw-1', newer: true },
      { id: 'subnet-8', zone: 'us-east-1-bos-1a', way: 'igw-1' },
    ],
  };
  const away: FakeVpc = { id: 'vpc-3', region: 'us-east-1', cidr: '10.0.0.0/16', subnets: [] };
  await account(fakeEc2([main, { ...away, id: 'vpc-2', region: HOME, subnets: [] }, away]));
  const { found, trouble } = await inventoryIn([HOME, 'us-east-1'], ['vpcs'], 10_000);
  expect(trouble).toBeUndefined();
  expect(found.vpcs).toEqual([
    {
      id: 'vpc-1',
      name: 'main',
      ranges: ['10.1.0.0/16', '10.9.0.0/16'],
      subnets: [
        { id: 'subnet-1', zone: `${HOME}a`, way: 'public' },
        { id: 'subnet-3', zone: `${HOME}a`, way: 'none' },
        { id: 'subnet-5', zone: `${HOME}a`, way: 'none' },
        { id: 'subnet-2', zone: `${HOME}b`, way: 'public' },
        { id: 'subnet-4', zone: `${HOME}b`, way: 'private' },
      ],
    },
    { id: 'vpc-2', name: '', ranges: ['10.0.0.0/16'], subnets: [] },
  ]);
});

test('all pages are read', async () => {
  const vpcs = Array.from({ length: 60 }, (_, index) => ({
    id: `vpc-${index}`,
    region: HOME,
    cidr: '10.0.0.0/16',
    subnets: [{ id: `subnet-${index}`, zone: `${HOME}a`, way: 'igw-1' }],
  }));
  const topics = Array.from({ length: 205 }, (_, index) => ({
    arn: topic(HOME, `t${index}`),
    subscriptions: [],
  }));
  const certificates = Array.from({ length: 101 }, (_, index) => ({
    arn: acm(HOME, String(index)),
    names: [`${index}.example.com`],
  }));
  // a VPC has two tables here, which makes 120 of them, and a page has 100
  await account(fakeEc2(vpcs), sns(topics), fakeAcm(certificates));
  const { found } = await inventoryIn([HOME], ['vpcs', 'topics', 'certificates'], 10_000);
  expect(found.vpcs!.filter(({ subnets }) => subnets[0]!.way === 'public')).toHaveLength(60);
  expect(found.topics).toHaveLength(205);
  expect(found.certificates).toHaveLength(101);
});

test('certificates and topics are those of all Regions that can be used', async () => {
  const ends = new Date('2027-03-01T12:00:00Z');
  await account(
    fakeAcm([
      { arn: acm(HOME, 'a'), names: ['example.com', '*.example.com'], ends },
      { arn: acm(HOME, 'b'), names: ['ec.example.com'], key: 'EC_prime256v1' },
      { arn: acm(HOME, 'c'), names: ['new.example.com'], status: 'PENDING_VALIDATION' },
      { arn: acm('us-east-1', 'd'), names: ['example.com'] },
      { arn: acm('us-west-2', 'e'), names: ['example.com'] },
    ]),
    sns(
      [topic(HOME, 'ops'), topic(HOME, 'queue.fifo'), topic('us-east-1', 'ops')].map((arn) => ({
        arn,
        subscriptions: [],
      })),
    ),
  );
  const { found } = await inventoryIn([HOME, 'us-east-1'], ['certificates', 'topics'], 10_000);
  expect(found).toEqual({
    certificates: [
      { arn: acm(HOME, 'a'), names: ['example.com', '*.example.com'], ends: '2027-03-01' },
      { arn: acm(HOME, 'b'), names: ['ec.example.com'], ends: undefined },
      { arn: acm('us-east-1', 'd'), names: ['example.com'], ends: undefined },
    ],
    topics: [topic(HOME, 'ops'), topic('us-east-1', 'ops')],
  });
});

test('groups are those of servers, and not those of balancers', async () => {
  const group = (name: string, region: string, tags = {}) => ({
    name,
    region,
    min: 1,
    max: 1,
    desired: 1,
    tags,
    instances: [],
  });
  const many = Array.from({ length: 101 }, (_, index) => group(`g-${index}`, HOME));
  const own = group('lbctl-shop-Nodes-1', HOME, { 'lbctl:balancer': 'shop' });
  await account(fakeAutoScaling([own, ...many, group('far', 'us-east-1')]));
  const { found } = await inventoryIn([HOME], ['groups'], 10_000);
  expect(found.groups).toEqual(many.map(({ name }) => name));
});

test('what may not be seen hides nothing else, and is told', async () => {
  const aws = await account(fakeEc2([]), sns([{ arn: topic(HOME, 'ops'), subscriptions: [] }]));
  aws.allow(['sns:ListTopics', 'ec2:DescribeVpcs', 'ec2:DescribeSubnets']);
  const { found, trouble } = await inventoryIn([HOME], ['vpcs', 'topics'], 10_000);
  expect(found).toEqual({ topics: [topic(HOME, 'ops')] });
  expect(trouble).toMatchObject({ kind: 'denied' });
  expect(trouble!.message).toContain(`cannot list VPCs in ${HOME}: `);
});

test('the page of init names what it takes, and nothing else', async () => {
  const page = readFileSync(new URL('../../../../docs/commands/init.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/`([a-z0-9]+:[A-Z]\w+)`/gu)].map(([, action]) => action!);
  const all = await Promise.all(Object.values(kinds).map((load) => load()));
  expect([...named].toSorted()).toEqual(all.flatMap(({ actions }) => actions).toSorted());
});
