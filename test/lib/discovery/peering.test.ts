import { afterEach, expect, test, vi } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { inDefaultVpc } from '../../../src/lib/discovery/default-vpc.ts';
import { peeringRemarks } from '../../../src/lib/discovery/peering.ts';
import { startAccount } from '../../fake-aws/lightsail/account.ts';

afterEach(() => vi.unstubAllEnvs());

test('servers in the default VPC are told from others', () => {
  const { balancer } = readBalancer(
    'name: shop\nlisteners: { http: { port: 80 } }\nupstreams: { web: ["172.31.4.5:80", "172.26.0.1:80", "172.31.0.9"], api: ["172.31.host:80"] }\nroutes: [{ paths: { /: web } }]\n',
    'lb.yaml',
  );
  expect(inDefaultVpc(balancer)).toEqual(['172.31.4.5:80 of web', '172.31.0.9 of web']);
});

test('they are out of reach as long as the VPC is not peered', async () => {
  const { aws, lightsail } = await startAccount();
  for (const [key, value] of Object.entries({ ...aws.env, AWS_REGION: 'us-east-1' })) vi.stubEnv(key, value);
  lightsail.state().peered.push('eu-west-1');
  const servers = ['172.31.4.5:80 of web'];
  expect(await peeringRemarks(servers, ['eu-west-1', 'eu-central-1'])).toEqual([
    '172.31.4.5:80 of web is in the default VPC, which Lightsail in eu-central-1 is not peered with: aws lightsail peer-vpc --region eu-central-1',
  ]);
  expect(await peeringRemarks([...servers, '172.31.0.9 of web'], undefined)).toEqual([
    expect.stringContaining('are in the default VPC, which Lightsail in us-east-1') as string,
  ]);
  aws.allow([]);
  expect(await peeringRemarks(servers, ['eu-west-1'])).toEqual([
    expect.stringContaining('cannot ask whether the VPC is peered in eu-west-1') as string,
  ]);
  expect(aws.calls.map(({ operation }) => operation)).toEqual(Array(4).fill('IsVpcPeered'));
});
