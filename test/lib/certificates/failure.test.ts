import { expect, test } from 'vitest';
import { certificateFailure } from '../../../src/lib/certificates/failure.ts';
import type { Node } from '../../../src/lib/release/node/place.ts';
import type { Wanted } from '../../../src/lib/certificates/wanted.ts';

const node = { transport: { name: 'lb1' }, root: '/etc/lbctl' } as Node;
const wanted = { hosts: ['shop.example.com'], directory: 'https://ca.test/dir' } as unknown as Wanted;

/** A problem as certbot tells it. */
const problem = (type: string, detail: string): string =>
  `Certbot failed to authenticate some domains (authenticator: webroot). The Certificate Authority reported these problems:\n  Domain: www.example.com\n  Type:   ${type}\n  Detail: ${detail}`;

test.each([
  [
    problem('dns', 'DNS problem: NXDOMAIN looking up A for www.example.com'),
    /dig \+short www\.example\.com/u,
  ],
  [
    problem(
      'connection',
      '192.0.2.1: Fetching http://www.example.com/…: Timeout during connect (likely firewall problem)',
    ),
    /port 80/u,
  ],
  [
    problem('unauthorized', '192.0.2.1: Invalid response from http://www.example.com/…: 404'),
    /another machine/u,
  ],
  [problem('caa', 'CAA record for www.example.com prevents issuance'), /dig CAA www\.example\.com/u],
  [
    'An unexpected error occurred:\ntoo many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, retry after 2026-06-02',
    /letsencrypt-staging/u,
  ],
  [
    'An unexpected error occurred:\nValueError: Requesting ca.test/dir: Connection refused',
    /curl https:\/\/ca\.test\/dir/u,
  ],
  [
    "An unexpected error occurred:\nrequests.exceptions.SSLError: HTTPSConnectionPool(host='ca.test', port=443): Max retries exceeded",
    /curl https:/u,
  ],
  ['something new', /log of certbot/u],
])('what the authority says has a hint: %s', (said, hint) => {
  const evidence = said.split('\n').map((line) => `evidence\t${line}\n`);
  const stdout = `${evidence.join('')}failed\tacme\tno certificate for shop.example.com\noutcome\tfailed\n`;
  const error = certificateFailure(node, { code: 11, stdout, stderr: '' }, wanted);
  expect(error).toMatchObject({
    kind: 'failed',
    code: 'certificate-acme',
    evidence: said.split('\n'),
    hint: expect.stringMatching(hint) as string,
  });
});

test('who is at work is told as with releases', () => {
  const stdout = 'locked\tthe renewal of certificates\tcertbot is at work\t300\n';
  expect(certificateFailure(node, { code: 75, stdout, stderr: '' })).toMatchObject({ code: 'locked' });
});
