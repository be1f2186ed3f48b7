import { expect, test } from 'vitest';
import { reachRemarks } from '../../../src/lib/balancer/reach.ts';
import { readBalancer } from '../../../src/lib/balancer/read.ts';

const remarks = (servers: readonly string[], ec2 = {}): string[] =>
  reachRemarks(
    readBalancer(
      JSON.stringify({
        name: 'shop',
        provider: 'ec2',
        ec2,
        listeners: { http: { port: 80 } },
        upstreams: { web: servers, again: servers },
        routes: [{ paths: { '/': 'web', '/again/': 'again' } }],
      }),
      'lb.yaml',
    ).balancer,
  );

test.each([
  ['10.0.255.255:80', 'will not reach 10.0.255.255:80: 10.0.0.0/16 is the VPC that is made'],
  ['10.1.0.0', 'will reach 10.1.0.0 only once their VPC is peered'],
  ['172.16.0.1:8080', 'will reach 172.16.0.1:8080 only once'],
  ['172.31.255.255', 'will reach 172.31.255.255 only once'],
  ['192.168.0.1', 'will reach 192.168.0.1 only once'],
  ['[2001:db8::1]:80', 'will not reach [2001:db8::1]:80: the VPC that is made for them has no IPv6'],
])('nodes in a VPC of their own do not come to %s by themselves', (server, text) => {
  expect(remarks([server])).toEqual([expect.stringContaining(`nodes ${text}`) as string]);
});

test.each(['9.255.255.255', '11.0.0.1', '172.15.255.255', '172.32.0.0', '192.169.0.1:80', 'app.example.com'])(
  '%s is reached by the internet',
  (server) => expect(remarks([server])).toEqual([]),
);

test('the range that is made counts, some stand for all, and a VPC that is there is left to who has it', () => {
  expect(remarks(['10.9.0.1'], { vpc: { cidr: '10.9.0.0/20' } })[0]).toContain('10.9.0.0/20 is the VPC');
  const many = [1, 2, 3, 4, 5].map((one) => `10.9.0.${one}`);
  expect(remarks(many)).toEqual([
    expect.stringContaining('will reach 10.9.0.1, 10.9.0.2, 10.9.0.3 and 2 more only once') as string,
  ]);
  const vpc = {
    id: 'vpc-0abc1234def567890',
    public_subnets: ['subnet-0aaa1111bbb22222a', 'subnet-0aaa1111bbb22222b'],
  };
  expect(remarks(['10.0.0.1'], { vpc })).toEqual([]);
});
