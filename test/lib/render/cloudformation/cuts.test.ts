import { expect, test } from 'vitest';
import { readBalancer } from '../../../../src/lib/balancer/read.ts';
import { stackTemplate } from '../../../../src/lib/providers/ec2/template.ts';
import { cutsBetween } from '../../../../src/lib/render/cloudformation/cuts.ts';
import { templateJson } from '../../../../src/lib/render/cloudformation/write.ts';

const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/0f3c';

function template({
  ec2 = {},
  https = { port: 443, tls: { acm: ARN } },
}: { ec2?: object; https?: object } = {}): string {
  const yaml = JSON.stringify({
    name: 'shop',
    provider: 'ec2',
    ec2,
    listeners: { http: { port: 80 }, https },
    upstreams: { web: ['10.1.0.11:8080'] },
    routes: [{ paths: { '/': 'web' } }],
  });
  return templateJson(stackTemplate(readBalancer(yaml, 'lb.yaml').balancer));
}

const files = { port: 443, tls: { certificate: '/etc/tls/shop.pem', key: '/etc/tls/shop.key' } };

test('what nodes are ready for cuts nothing', () => {
  const ways = [
    [{}, {}],
    [{}, { ec2: { proxy_protocol: 'ready' } }],
    [{ ec2: { proxy_protocol: 'ready' } }, { ec2: { proxy_protocol: true } }],
    [{ ec2: { proxy_protocol: true } }, { ec2: { proxy_protocol: 'ready' } }],
    [{ ec2: { proxy_protocol: true } }, {}],
    [{}, { ec2: { zones: 3, nodes: 5, spot: {}, deregistration_delay: 9 } }],
    [{}, { https: { port: 8443, tls: { acm: ARN } } }],
  ] as const;
  for (const [before, after] of ways) expect(cutsBetween(template(before), template(after))).toEqual({});
});

test('the PROXY protocol at one go is told, with the way around', () => {
  const cut = expect.stringContaining('set ec2.proxy_protocol: ready, lbctl up, and only then true');
  expect(cutsBetween(template(), template({ ec2: { proxy_protocol: true } }))).toEqual({
    Listener80: cut,
    Listener443: cut,
  });
});

test('where TLS ends cannot move under traffic', () => {
  expect(cutsBetween(template({ https: files }), template())).toEqual({
    Listener443: expect.stringContaining('TLS ends at the load balancer at once'),
  });
  expect(cutsBetween(template(), template({ https: files }))).toEqual({
    Listener443: expect.stringContaining('TLS goes on to the nodes at once'),
  });
});

test('addresses that stay are given at the beginning', () => {
  expect(cutsBetween(template(), template({ ec2: { static_ips: false } }))).toEqual({
    LoadBalancer: expect.stringContaining('ec2.static_ips takes another balancer'),
  });
});
