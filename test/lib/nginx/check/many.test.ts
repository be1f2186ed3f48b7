import { expect, test } from 'vitest';
import { check } from '../../../../src/lib/nginx/check/walk.ts';
import { NEWEST_STABLE } from '../../../../src/lib/nginx/version.ts';
import { loadConfiguration } from '../../../../src/lib/nginx/include/load.ts';

test('a block may hold more blocks than a call takes arguments', () => {
  const locations = Array.from({ length: 150_000 }, (_, index) => `location = /${index} {}\n`).join('');
  const text = `events {} http { server { ${locations} } }`;
  const configuration = loadConfiguration('/nginx.conf', { read: () => text, list: () => undefined });
  expect(check(configuration, { version: NEWEST_STABLE, plus: false })).toEqual([]);
});
