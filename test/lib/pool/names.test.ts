import { expect, test } from 'vitest';
import { withPort } from '../../../src/lib/pool/names.ts';

test.each([
  [
    '10.0.0.3',
    ['10.0.0.1:8080', 'b:8080'],
    '10.0.0.3:8080',
    '10.0.0.3 gets port 8080, as the other servers have',
  ],
  [
    'b.internal',
    ['unix:/run/a.sock', 'a.internal:81'],
    'b.internal:81',
    'b.internal gets port 81, as the other servers have',
  ],
  [
    '[2001:db8::2]',
    ['[2001:db8::1]:8080'],
    '[2001:db8::2]:8080',
    '[2001:db8::2] gets port 8080, as the other servers have',
  ],
  ['c', ['a', 'b:80'], 'c', 'c gets port 80, as the other servers have'],
  ['c', ['a:81', 'b:82'], 'c', 'c gets port 80, as none is named: c:PORT has another'],
  ['c', [], 'c', 'c gets port 80, as none is named: c:PORT has another'],
  ['c:82', ['a:81'], 'c:82', undefined],
  ['unix:/run/b.sock', ['a:81'], 'unix:/run/b.sock', undefined],
])('%s beside %s is %s', (address, siblings, whole, remark) => {
  expect(withPort(address, siblings)).toEqual({ address: whole, remark });
});
