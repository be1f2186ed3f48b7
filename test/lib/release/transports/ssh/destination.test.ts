import { describe, expect, it } from 'vitest';
import { readDestination } from '../../../../../src/lib/release/transports/ssh/destination.ts';

describe('readDestination', () => {
  it.each([
    ['lb1', 'lb1'],
    ['ops@lb1.example.com', 'ops@lb1.example.com'],
    ['ops@example.com@lb1', 'ops@example.com@lb1'],
    ['EXAMPLE\\ops@lb1', 'EXAMPLE\\ops@lb1'],
    ['ssh://lb1', 'lb1'],
    ['ssh://ops@lb1:2222', 'ops@lb1:2222'],
    ['ssh://[2001:db8::1]:2222', '[2001:db8::1]:2222'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['my_alias-1', 'my_alias-1'],
  ])('takes %s', (text, name) => expect(readDestination(text)).toBe(name));

  it.each([
    '',
    '-oProxyCommand=x',
    'ops@-oProxyCommand=x',
    '-l@lb1',
    '@lb1',
    'ops@',
    'a b',
    'lb1\n',
    'lb1\u0007',
    '`id`',
    '$(id)@lb1',
    'lb1;id',
    "l'b1",
    'ssh://',
    'ssh://lb1/etc',
    'ssh://lb1:x',
    'ssh://2001:db8::1',
  ])('refuses %j', (text) => {
    expect(() => readDestination(text)).toThrow(
      expect.objectContaining({ kind: 'input', code: 'bad-destination' }),
    );
  });

  it('tells how a port is written', () => {
    expect(() => readDestination('ops@lb1:2222')).toThrow(
      expect.objectContaining({ hint: 'write ssh://ops@lb1:2222' }),
    );
  });

  it('does not repeat a password', () => {
    expect(() => readDestination('ssh://ops:geheim@lb1')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('geheim') }),
    );
  });
});
