import { expect, test } from 'vitest';
import { pathMatcher } from '../../../../src/lib/source/linting/path-patterns.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

test.each([
  ['vendor', 'vendor/a/b.conf', true],
  ['vendor/', 'vendor/a.conf', true],
  ['./vendor', 'vendor/a.conf', true],
  ['vendor', 'conf/vendor/a.conf', false],
  ['vendor', 'vendored/a.conf', false],
  ['**/vendor', 'conf/x/vendor/a.conf', true],
  ['**/vendor', 'vendor', true],
  ['*.conf', 'a.conf', true],
  ['*.conf', 'b/a.conf', false],
  ['**/*.conf', 'b/c/a.conf', true],
  ['**', '.hidden/a', true],
  ['a/**/z.conf', 'a/z.conf', true],
  ['a/**/z.conf', 'a/b/c/z.conf', true],
  ['a/**/z.conf', 'a/b/c/y.conf', false],
  ['[ab]?.conf', 'b1.conf', true],
  ['a[1].conf', 'a[1].conf', false],
  ['../other', '../other/a.conf', true],
  ['vendor', '../vendor/a.conf', false],
  ['/etc/nginx', '/etc/nginx/a.conf', true],
  ['/etc', 'etc/a.conf', false],
])('%s and %s: %j', (pattern, path, fits) => {
  const absolute = path.startsWith('/') ? path : new URL(path, 'file:///home/re%20po[1]/').pathname;
  expect(pathMatcher([pattern], '/home/re po[1]')(decodeURIComponent(absolute))).toBe(fits);
});

test('many ** take no longer than few', () => {
  const path = `/${'a/'.repeat(2000)}b`;
  const start = cpuTime();
  expect(pathMatcher([`${'**/a/'.repeat(30)}c`], '/')(path)).toBe(false);
  expect(cpuTime() - start).toBeLessThan(2000);
});
