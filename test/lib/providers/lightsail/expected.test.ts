import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectedFacts } from '../../../../src/lib/providers/lightsail/expected.ts';
import { contentsIn, manifestOf } from '../../../../src/lib/render/manifest.ts';
import { readFacts } from '../../../../src/lib/providers/ssh/facts.ts';
import { layoutOf } from '../../../../src/lib/providers/ssh/places.ts';
import { lightsailShop } from '../../../support/lightsail-shop.ts';

test('a first release is planned with its pools, as they take servers out, and with what leads elsewhere', () => {
  const { balancer } = lightsailShop({
    listeners: 'http: { port: 80, redirect: other }, other: { port: 8080 }',
    more: 'upstreams: { web: { servers: [10.0.0.1:80, 10.0.0.2:80], health: { max_fails: 3, fail_timeout: 30s } } }',
  });
  expect(contentsIn(manifestOf(balancer, []))).toEqual([
    'http leads to other (301)',
    'web: 10.0.0.1:80, 10.0.0.2:80 (max_fails=3 fail_timeout=30s)',
  ]);
});

test.each([
  ['debian_12', '', 'debian-12'],
  ['ubuntu_24_04', '', 'ubuntu-24.04'],
  ['debian_12', ', nginx: nginx.org', 'nginx-org-debian'],
  ['nginx', '', 'bitnami'],
])('%s%s is planned for as it will be', (blueprint, more, fixture) => {
  const { balancer } = lightsailShop({ lightsail: `blueprint: ${blueprint}${more}` });
  const path = new URL(`../../../../fixtures/facts/${fixture}.txt`, import.meta.url);
  const told = readFacts(readFileSync(path, 'utf8'));
  const expected = expectedFacts(balancer);
  expect(expected.nginx!.version).toBe(told.nginx!.version);
  expect(layoutOf('a', expected.nginx!, expected, balancer)).toEqual(
    layoutOf('a', told.nginx!, told, balancer),
  );
});
