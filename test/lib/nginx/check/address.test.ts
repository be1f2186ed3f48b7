import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Address,
  isAddressWithPort,
  isNetwork,
  parseAddress,
  parseIPv4,
  parseIPv6,
} from '../../../../src/lib/nginx/check/address.ts';
import { quote } from '../../../../src/lib/nginx/write.ts';
import { nginxReader } from '../../../support/nginx-reading.ts';
import { without } from '../../../support/tools.ts';

/** An address in one line: `family host port-lastPort uri`, or the problem. */
function line(address: Address): string {
  if ('problem' in address) return `! ${address.problem}`;
  const { family, host, port, lastPort, uri } = address;
  return [family, host, port, lastPort === undefined ? '' : `-${lastPort}`, uri].filter(Boolean).join(' ');
}

describe('an address', () => {
  test.each([
    ['127.0.0.1', 'inet 127.0.0.1'],
    ['127.0.0.1:80', 'inet 127.0.0.1 80'],
    ['010.0.0.1', 'inet 10.0.0.1'],
    ['255.255.255.255', 'name 255.255.255.255'],
    ['App.Internal:8080', 'name app.internal 8080'],
    ['300.1.1.1', 'name 300.1.1.1'],
    ['[::1]:80', 'inet6 0:0:0:0:0:0:0:1 80'],
    ['[2001:DB8::10.0.0.1]', 'inet6 2001:db8:0:0:0:0:a00:1'],
    ['unix:/run/a.sock', 'unix /run/a.sock'],
    ['UNIX:/run/a.sock', 'unix /run/a.sock'],
    ['unix:', '! the path of the socket is missing'],
    [`unix:/${'a'.repeat(107)}`, '! the path of the socket is longer than 107 bytes'],
    [`unix:/${'a'.repeat(106)}`, `unix /${'a'.repeat(106)}`],
    ['', '! the host is missing'],
    [':80', '! the host is missing'],
    ['a:', '! nothing is no port; ports are 1 to 65535'],
    ['a:0', '! 0 is no port; ports are 1 to 65535'],
    ['a:65536', '! 65536 is no port; ports are 1 to 65535'],
    ['a:80x', '! 80x is no port; ports are 1 to 65535'],
    ['a:80-90', '! 80-90 is no port; ports are 1 to 65535'],
    ['a/b', '! a path cannot stand here'],
    ['[::1', '! the ] behind the IPv6 address is missing'],
    ['[::1]80', '! only :port may stand behind ]'],
    ['[::g]', '! [::g] is no IPv6 address'],
  ])('%j is %s', (text, expected) => {
    expect(line(parseAddress(text))).toBe(expected);
  });

  test.each([
    ['a.b:80/c?d', 'name a.b 80 /c?d'],
    ['10.0.0.1/', 'inet 10.0.0.1 /'],
    ['[::1]:81/x', 'inet6 0:0:0:0:0:0:0:1 81 /x'],
    ['unix:/a.sock:/b', 'unix /a.sock /b'],
  ])('%j with a path is %s', (text, expected) => {
    expect(line(parseAddress(text, { uri: true }))).toBe(expected);
  });

  test.each([
    ['80', 'inet 0.0.0.0 80'],
    ['*', 'inet 0.0.0.0'],
    ['*:8080', 'inet 0.0.0.0 8080'],
    ['8000-8010', 'inet 0.0.0.0 8000 -8010'],
    ['[::]:80-90', 'inet6 0:0:0:0:0:0:0:0 80 -90'],
    ['127.0.0.1:90-80', '! the range of ports ends before it starts'],
    ['localhost:80', 'name localhost 80'],
    ['65536', '! 65536 is no port; ports are 1 to 65535'],
    ['80/', '! a path cannot stand here'],
  ])('%j of listen is %s', (text, expected) => {
    expect(line(parseAddress(text, { listen: true }))).toBe(expected);
  });

  test.each([
    ['10.0.0.0/8', true],
    ['10.0.0.1', true],
    ['10.0.0.0/33', false],
    ['2001:db8::/32', true],
    ['::/129', false],
    ['10.0.0/8', false],
    ['255.255.255.255', false],
    ['all', false],
    ['10.0.0.0/', false],
  ])('%j is a network: %s', (text, expected) => {
    expect(isNetwork(text)).toBe(expected);
  });

  test.each([
    ['10.0.0.1', true],
    ['10.0.0.1:53', true],
    ['::1', true],
    ['[::1]:53', true],
    ['localhost', false],
    ['255.255.255.255', false],
  ])('%j is an address, perhaps with a port: %s', (text, expected) => {
    expect(isAddressWithPort(text)).toBe(expected);
  });
});

const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        ':',
        '::',
        '.',
        '-',
        '/',
        '*',
        'unix:',
        '127.0.0.1',
        '[::1]',
        '::1',
        ':80',
        '1-2',
      ),
      fc.nat(70_000).map(String),
      fc.nat(0xffff).map((group) => group.toString(16)),
      fc.constantFrom('256', '01', 'f', 'g', 'a.b', '10.0.0.0/8', ' '),
    ),
    { maxLength: 6 },
  )
  .map((all) => all.join(''));
const ip = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4Extended(),
  fc
    .array(fc.constantFrom('0', '1', 'ab', 'ffff', '', '', '12345', '1.2.3.4'), { maxLength: 9 })
    .map((all) => all.join(':')),
  fc
    .array(fc.constantFrom('0', '1', '255', '256', '', '007', 'a'), { minLength: 3, maxLength: 5 })
    .map((all) => all.join('.')),
);

test('no text is thrown at', () => {
  fc.assert(
    fc.property(
      fc.oneof(pieces, ip, fc.string({ unit: 'binary' })),
      fc.boolean(),
      fc.boolean(),
      (text, listen, uri) => {
        const address = parseAddress(text, { listen, uri });
        expect('problem' in address ? address.problem : address.host).not.toBe('');
        expect([isNetwork(text), isAddressWithPort(text)]).not.toContain(undefined);
      },
    ),
    { numRuns: 2000 },
  );
});

test('an address is the same however it is written', () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff)).map((number) => number.toString(16));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), fc.ipV4(), (groups, four) => {
      const six = groups.join(':');
      expect(parseIPv6(six)).toBe(six);
      expect(parseIPv6(six.toUpperCase())).toBe(six);
      expect(parseIPv6(groups.map((each) => each.padStart(4, '0')).join(':'))).toBe(six);
      // URLs shorten it
      expect(parseIPv6(new URL(`http://[${six}]/`).hostname.slice(1, -1))).toBe(six);
      expect(parseIPv4(four)).toBe(four);
    }),
  );
});

describe.skipIf(without('nginx'))('NGINX takes the same', () => {
  const reader = nginxReader();
  const bits = fc.constantFrom('', '', '/0', '/8', '/32', '/33', '/64', '/128', '/129', '/', '/x', '/08');

  test('networks', async () => {
    const { differing } = await reader;
    const values = [...new Set(fc.sample(fc.tuple(ip, bits), 260).map((both) => both.join('')))];
    expect(differing(values, isNetwork, (value) => `allow ${quote(value)};`)).toEqual([]);
  });

  test('addresses to listen on', async () => {
    const { differing } = await reader;
    const port = fc.constantFrom(
      '',
      ':80',
      ':0',
      ':65535',
      ':65536',
      ':',
      ':80-81',
      ':81-80',
      ':x',
      ':-1',
      ':080',
    );
    const address = fc.oneof(
      fc.tuple(ip, port).map((both) => both.join('')),
      fc.tuple(ip, port).map(([host, its]) => `[${host}]${its}`),
      fc
        .tuple(fc.constantFrom('*', '', '[', ']', '[]', '80', '1-3', '3-1', 'unix:', 'unix:/a'), port)
        .map((both) => both.join('')),
    );
    const read = (text: string) => parseAddress(text, { listen: true });
    const values = [...new Set(fc.sample(address, 350))].filter((text) => {
      const found = read(text);
      // what names stand for is asked from the machine's resolver
      return 'problem' in found || found.family !== 'name';
    });
    expect(
      differing(
        values,
        (value) => !('problem' in read(value)),
        (value) => `listen ${quote(value)};`,
      ),
    ).toEqual([]);
  });
});
