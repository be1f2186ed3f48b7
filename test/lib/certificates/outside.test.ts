import { createServer } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { lookFromOutside } from '../../../src/lib/certificates/outside.ts';
import { NOTHING } from '../../../src/lib/certificates/observe.ts';
import type { Wanted } from '../../../src/lib/certificates/wanted.ts';
import { X509Certificate } from 'node:crypto';
import { serve } from '../../support/backends.ts';
import { createAuthority } from '../../support/certificates.ts';
import { freePort } from '../../support/ports.ts';
import { without } from '../../support/tools.ts';

describe.skipIf(without('openssl'))('what is shown to whoever comes from here', () => {
  let port: number;
  let fingerprint: string;
  const look = (over: Partial<Wanted>, shown = fingerprint): Promise<string[]> => {
    const wanted = { name: 'https', hosts: ['localhost'], port, ...over } as Wanted;
    const certificate = {
      name: 'https',
      issued: true,
      fingerprint: shown,
    } as (typeof NOTHING.certificates)[number];
    return lookFromOutside([wanted], [{ name: 'lb1', held: { ...NOTHING, certificates: [certificate] } }]);
  };

  beforeAll(async () => {
    const pair = await (await createAuthority()).issue(['localhost']);
    const digest = new X509Certificate(pair.cert).fingerprint256;
    fingerprint = digest.replaceAll(':', '').toLowerCase().slice(0, 32);
    ({ port } = await serve(createServer(pair)));
  });

  test('is no matter where it is that of a node', async () => {
    expect(await look({})).toEqual([]);
  });

  test('is told where it is another one, or none', async () => {
    expect(await look({}, 'f'.repeat(32))).toEqual([
      expect.stringContaining('another certificate') as string,
    ]);
    const closed = await freePort();
    expect(await look({ port: closed })).toEqual([
      expect.stringMatching(
        new RegExp(`^https://localhost:${closed} cannot be reached from here`, 'u'),
      ) as string,
    ]);
    expect(await look({ hosts: ['nowhere.invalid'] })).toHaveLength(1);
  });
});
