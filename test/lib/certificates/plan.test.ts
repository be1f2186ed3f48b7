import { describe, expect, test } from 'vitest';
import { DAY } from '../../../src/lib/certificates/expiry.ts';
import { SCRIPT_DIGEST } from '../../../src/lib/certificates/node/call.ts';
import type { Held, HeldCertificate } from '../../../src/lib/certificates/observe.ts';
import { idOf, planCertificates, settingsOf, stepsOf } from '../../../src/lib/certificates/plan.ts';
import { tellCertificates } from '../../../src/lib/certificates/status.ts';
import type { Wanted } from '../../../src/lib/certificates/wanted.ts';

const now = new Date('2026-06-01T12:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * DAY);

const wanted: Wanted = {
  name: 'https',
  hosts: ['shop.example.com', 'www.example.com'],
  email: 'ops@example.com',
  directory: 'https://acme-v02.api.letsencrypt.org/directory',
  keyType: null,
  zone: null,
  credentials: null,
  at: '127.0.0.1:443',
  port: 443,
};

const good: HeldCertificate = {
  name: 'https',
  issued: true,
  from: inDays(-30),
  until: inDays(60),
  taken: true,
  directory: wanted.directory,
  fingerprint: 'f'.repeat(32),
  issuer: "Let's Encrypt R11",
  keyType: 'ecdsa',
  hosts: ['www.example.com', 'shop.example.com'],
};

function held(certificate: Partial<HeldCertificate> | null = {}, rest: Partial<Held> = {}): Held {
  return {
    certbot: true,
    timer: 'systemd',
    script: SCRIPT_DIGEST,
    addresses: [],
    met: '',
    certificates: certificate === null ? [] : [{ ...good, ...certificate }],
    asked: new Map([['https', new Map(Object.entries(settingsOf(wanted)))]]),
    failures: new Map(),
    ...rest,
  };
}

const tasksFor = (one: Held, wishes: readonly Wanted[] = [wanted]) =>
  planCertificates([{ name: 'lb1', held: one }], wishes, now);

describe('what is planned', () => {
  test('is nothing where all is as it should be', () => {
    expect(tasksFor(held())).toEqual([]);
    expect(tasksFor(held(null, { asked: new Map(), script: '', timer: 'none' }), [])).toEqual([]);
  });

  test.each<[string, Partial<HeldCertificate> | null, Partial<Wanted>, string[]]>([
    ['there is none', null, {}, []],
    ['another one stands in', { issued: false }, {}, []],
    ['hosts differ', { hosts: ['shop.example.com'] }, {}, ['it is for shop.example.com now']],
    [
      'the authority is another one',
      { directory: 'https://ca.test/dir' },
      {},
      ['it is from https://ca.test/dir now'],
    ],
    ['the key is of another kind', {}, { keyType: 'rsa' }, ['its key is of type ecdsa now']],
    [
      'it was not renewed',
      { from: inDays(-70), until: inDays(20) },
      {},
      ['it expires in 20 days: the timer has not renewed it'],
    ],
    ['it has expired', { until: inDays(-3) }, {}, ['it expired 3 days ago: the timer has not renewed it']],
    ['NGINX has not taken it', { taken: false }, {}, ['NGINX has not taken the new one yet']],
    ['it is looked at elsewhere', {}, { at: '10.0.0.1:443' }, ['how it is renewed has changed']],
  ])('is to ask where %s', (_, certificate, wish, why) => {
    const tasks = tasksFor(held(certificate), [{ ...wanted, ...wish }]);
    expect(tasks).toMatchObject([{ kind: 'obtain', node: 'lb1', first: why.length === 0, why }]);
  });

  test('leaves short ones to the timer for three quarters of their time', () => {
    const short = { from: inDays(-3), until: inDays(3) };
    expect(tasksFor(held(short))).toEqual([]);
    expect(tasksFor(held({ ...short, until: inDays(0.9) }))).toHaveLength(1);
  });

  test('sets up a renewal that is not there, or is that of another lbctl', () => {
    for (const rest of [{ script: '' }, { script: 'other' }, { timer: 'none' as const }])
      expect(tasksFor(held({}, rest))).toEqual([{ kind: 'prepare', node: 'lb1', first: rest.script === '' }]);
    expect(tasksFor(held({}, { timer: 'impossible' }))).toEqual([]);
  });

  test('renews no more what is not wanted', () => {
    expect(tasksFor(held(), [])).toEqual([{ kind: 'forget', node: 'lb1', name: 'https' }]);
  });

  test('has nodes know the others, by addresses that are theirs alone', () => {
    const nodes = ['lb1', 'lb2', 'lb3'].map((name, index) => ({
      name,
      held: held({}, { addresses: [`10.0.0.${index}`, '172.17.0.1'] }),
    }));
    const peers = planCertificates(nodes, [wanted], now);
    expect(peers).toMatchObject([
      { kind: 'meet', node: 'lb1', peers: `${idOf('lb2')},10.0.0.1 ${idOf('lb3')},10.0.0.2` },
      { kind: 'meet', node: 'lb2' },
      { kind: 'meet', node: 'lb3' },
    ]);
    const met = nodes.map((node, index) => ({
      ...node,
      held: { ...node.held, met: (peers[index] as { peers: string }).peers },
    }));
    expect(planCertificates(met, [wanted], now)).toEqual([]);
    expect(stepsOf(peers)).toHaveLength(1);
  });
});

describe('what status tells', () => {
  const remarks = (one: Held): readonly string[] =>
    tellCertificates([{ name: 'lb1', held: one }], [wanted], now).remarks;
  const failures = new Map([
    [
      'https',
      {
        time: new Date(now.getTime() - 7200_000),
        lines: [
          'Certbot failed',
          '  Domain: www.example.com',
          '  Type:   dns',
          '  Detail: NXDOMAIN looking up A',
        ],
      },
    ],
  ]);

  test('is nothing where all is well', () => expect(remarks(held())).toEqual([]));

  test('is the reason of the authority where a certificate was not renewed', () => {
    expect(remarks(held({ from: inDays(-80), until: inDays(10) }, { failures }))).toEqual([
      'certificate https: it expires in 10 days: the timer has not renewed it (2 hours ago: www.example.com: NXDOMAIN looking up A); lbctl up sees to it',
    ]);
    expect(remarks(held({}, { failures }))).toEqual([
      'certificate https was not renewed (2 hours ago: www.example.com: NXDOMAIN looking up A); it is good until 2026-07-31, in 60 days',
    ]);
  });

  test('is that nobody trusts what stands in, and that nothing renews', () => {
    expect(remarks(held({ issued: false }, { timer: 'none' }))).toEqual([
      expect.stringContaining('nobody trusts') as string,
      expect.stringContaining('nothing renews') as string,
    ]);
  });

  test('is that certbot is gone', () => {
    expect(remarks(held({}, { certbot: false }))).toEqual([expect.stringContaining('certbot') as string]);
  });

  test('is one line for nodes that are alike', () => {
    const nodes = ['lb1', 'lb2'].map((name) => ({ name, held: held({ until: inDays(-1) }) }));
    const told = tellCertificates(nodes, [wanted], now);
    expect(told.remarks).toEqual([
      expect.stringMatching(/^lb1, lb2: certificate https: it expired/u) as string,
    ]);
    expect(told.certificates).toHaveLength(2);
  });
});
