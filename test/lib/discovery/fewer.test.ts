import { expect, test } from 'vitest';
import { farFewer } from '../../../src/lib/discovery/fewer.ts';

const servers = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    address: `10.0.0.${index}:80`,
    name: `web-${index}`,
    source: '',
  }));
const serving = (count: number) => servers(count).map(({ address }) => ({ upstream: 'web', address }));

test.each([
  [0, 1, false],
  [1, 1, false],
  [2, 1, false],
  [3, 1, true],
  [4, 2, false],
  [5, 2, true],
  [2, 9, false],
])('of %i servers %i are left: far fewer is %s', (before, now, is) => {
  const shrunk = farFewer({ web: servers(now) }, [...serving(before), { upstream: 'api', address: 'x:1' }]);
  expect(shrunk).toEqual(is ? [{ upstream: 'web', before, now }] : []);
});
