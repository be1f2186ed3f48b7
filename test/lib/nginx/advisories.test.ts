import { expect, test } from 'vitest';
import { advisoryOf, isVulnerable } from '../../../src/lib/nginx/advisories.ts';

test.each([
  // 1.3.0-1.29.4, mended in 1.29.5 and 1.28.2
  ['2026-1642', '1.22.1', true],
  ['2026-1642', '1.28.1', true],
  ['2026-1642', '1.28.2', false],
  ['2026-1642', '1.29.4', true],
  ['2026-1642', '1.29.5', false],
  ['2026-1642', '1.30.0', false],
  // the newest of a line is meant
  ['2026-1642', '1.22', true],
  ['2026-1642', '1.28', false],
  ['2026-1642', '1.29', false],
  // two ranges, 1.25.0-1.25.5 and 1.26.0
  ['2024-32760', '1.24.0', false],
  ['2024-32760', '1.25.3', true],
  ['2024-32760', '1.26.0', true],
  ['2024-32760', '1.26.1', false],
  // one release
  ['2024-24989', '1.25.2', false],
  ['2024-24989', '1.25.3', true],
  ['2024-24989', '1.25.4', false],
  // the newest stable and mainline releases
  ['2026-42533', '1.30.3', true],
  ['2026-42533', '1.30.4', false],
  ['2026-42533', '1.31.2', true],
  ['2026-42533', '1.31', false],
])('CVE-%s matters to NGINX %s: %s', (cve, version, vulnerable) => {
  expect(isVulnerable(advisoryOf(cve), version)).toBe(vulnerable);
});

test('an advisory is found by its whole number alone', () => {
  expect(advisoryOf('2021-23017')).toMatchObject({ severity: 'medium', vulnerable: '0.6.18-1.20.0' });
  expect(() => advisoryOf('2021-2301')).toThrow(RangeError);
});
