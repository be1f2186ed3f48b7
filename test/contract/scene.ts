import { fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import { cloudWatch } from '../fake-aws/cloudwatch/service.ts';
import { elasticLoadBalancing, type FakeBalancer } from '../fake-aws/elastic-load-balancing/service.ts';
import { startAccount, startInstance } from '../fake-aws/lightsail/account.ts';
import { fakeRoute53 } from '../fake-aws/route53/service.ts';
import type { FakeAws } from '../fake-aws/server.ts';
import { sns } from '../fake-aws/sns/service.ts';
import { CALM, samplesOf } from '../support/flows.ts';

const SHOP: FakeBalancer = { name: 'shop', region: 'eu-west-1', zones: ['eu-west-1a'], groups: ['web'] };
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';

/** A balancer on this machine, at a port and the one behind it. */
export const LOCAL = (port: number): string => `name: shop
listeners: { http: { port: ${port} } }
upstreams: { web: [127.0.0.1:9001, 127.0.0.1:9002] }
routes: [{ paths: { /: web } }]
metrics: { port: ${port + 1} }
`;

/** One with something for every command that calls AWS. */
export const CLOUD = `name: shop
listeners: { http: { port: 8080 } }
upstreams: { web: { discover: { lightsail: web-*, port: 8080 } } }
routes: [{ paths: { /: web } }]
dns: { zone: example.com, name: www.example.com, policy: weighted, answers: { blue: { to: 192.0.2.1, weight: 1 }, green: { to: 192.0.2.2, weight: 9 } } }
alarms: { notify: '${TOPIC}' }
`;

export const LIGHTSAIL = `name: shop
provider: lightsail
regions: [eu-west-1]
lightsail: { ssh_from: [203.0.113.7] }
listeners: { http: { port: 80 } }
upstreams: { web: [172.26.4.11:8080] }
routes: [{ paths: { /: web } }]
dns: { zone: example.com, name: www.example.com, policy: weighted, answers: { blue: { to: 192.0.2.1, weight: 1 } } }
alarms: { notify: '${TOPIC}' }
`;

export const EC2 = `name: shop
provider: ec2
regions: [eu-west-1]
listeners: { http: { port: 80 } }
upstreams: { web: [10.1.4.11:8080] }
routes: [{ paths: { /: web } }]
`;

/** An account with instances on Lightsail, a zone, a load balancer with traffic, and somebody who is told of alarms. */
export async function cloudAccount(): Promise<FakeAws> {
  const account = await startAccount({}, [
    fakeRoute53(),
    elasticLoadBalancing([SHOP]),
    fakeAutoScaling([]),
    cloudWatch(samplesOf(SHOP, CALM, 180, new Date())),
    sns([{ arn: TOPIC, subscriptions: [{ protocol: 'email', endpoint: 'ops@example.com' }] }]),
  ]);
  for (const name of ['web-1', 'web-2', 'my-nginx']) await startInstance(account, { instanceNames: [name] });
  return account.aws;
}
