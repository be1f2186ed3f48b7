import { expect, test } from 'vitest';
import { recent } from '../../../../src/lib/providers/local/errors.ts';

const NOW = new Date(2026, 0, 31, 10, 5);

const refused = (time: string, connection: number, port: number, path: string) =>
  `2026/01/31 ${time} [error] 7#7: *${connection} connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.${connection % 250}, server: shop, request: "GET ${path} HTTP/1.1", upstream: "http://127.0.0.1:${port}${path}", host: "shop"`;
const limited = (time: string, excess: string) =>
  `2026/01/31 ${time} [error] 7#7: *5 limiting requests, excess: ${excess} by zone "api", client: 127.0.0.1, server: shop`;

test('lines that differ by request alone are one, with how many there are and since when', () => {
  const lines = [
    '2026/01/31 10:00:00 [emerg] 7#7: open() "/a" failed (2: No such file or directory)',
    ...Array.from({ length: 20 }, (_, at) => refused(`10:01:${10 + at}`, at, 9001, `/${at}`)),
    refused('10:02:00', 30, 9002, '/'),
    limited('10:03:00', '20.340'),
    limited('10:03:01', '20.800'),
    refused('10:04:00', 31, 9001, '/z'),
  ];
  expect(recent(lines, 15, 10, NOW)).toEqual([
    lines[0],
    lines[21],
    `${lines[23]} (2 like this since 10:03:00)`,
    `${lines[24]} (21 like this since 10:01:10)`,
  ]);
});

test('old lines, notices and what is no line of NGINX are none, and the latest kinds are shown', () => {
  const lines = [
    refused('09:00:00', 1, 9001, '/'),
    '2026/01/31 10:00:00 [notice] 7#7: start',
    'a stray line',
    ...[1, 2, 3].map((port) => refused('10:04:00', port, port, '/')),
  ];
  expect(recent(lines, 15, 2, NOW)).toEqual(lines.slice(-2));
});
