import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { withDrained } from '../../../src/lib/pool/drained.ts';
import { liveChanges } from '../../../src/lib/pool/live.ts';
import { buildRelease, type ReleaseFile } from '../../../src/lib/release/build.ts';
import { RELEASE_ID, systemLayout } from '../../../src/lib/render/layout.ts';
import { manifestOf } from '../../../src/lib/render/manifest.ts';
import { render } from '../../../src/lib/render/render.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { answer } from '../../support/plus/api.ts';
import { groupsIn } from '../../support/plus/configuration.ts';
import type { Group } from '../../support/plus/upstreams.ts';

/** A release of a balancer on NGINX Plus, unless other keys say something else, with upstream web in http and stream. */
async function release(
  servers: readonly object[],
  {
    drained = [],
    keys = 'nginx: { plus: true }',
    web = '',
  }: { drained?: readonly string[]; keys?: string; web?: string } = {},
): Promise<ReleaseFile[]> {
  const text = `name: shop
${keys}
listeners: { http: { port: 80 }, tcp: { port: 90, protocol: tcp, upstream: web } }
upstreams: { web: { ${web} servers: ${JSON.stringify(servers)} }, api: [app.internal:80, 10.1.0.1:80] }
routes: [{ paths: { /: web, /api: api } }]
`;
  const { balancer, source } = readBalancer(text, 'lb.yaml');
  const marked = withDrained({ balancer, source, file: 'lb.yaml', folder: '/' }, drained);
  const layout = { ...systemLayout('www-data'), folder: `/etc/lbctl/releases/${RELEASE_ID}` };
  const tree = render(marked.balancer, layout);
  const { files } = await buildRelease({ ...tree, assets: [] }, '/');
  const manifest = Buffer.from(manifestOf(marked.balancer, tree.sockets, marked.drained));
  return [...files, { path: 'manifest', content: manifest, mode: 0o644 }];
}

/** What an NGINX Plus has that loads a release; its identifiers are nobody's business. */
function load(files: readonly ReleaseFile[], within: string): Group[] {
  const folder = mkdtempSync(join(within, 'release-'));
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return groupsIn(folder);
}

const shown = (groups: readonly Group[]): unknown =>
  groups.map(({ module, name, peers }) => ({
    module,
    name,
    peers: peers.map((peer) => ({ ...peer, id: 0 })),
  }));

const a = { address: '10.0.0.1:80' };
const b = { address: '10.0.0.2:80' };
const c = { address: '10.0.0.3:80' };

describe('changes that NGINX Plus makes without a reload', () => {
  test('say how one comes to the servers of another release', async () => {
    const first = await release([a, b]);
    const drained = await release([a, b], { drained: ['web/10.0.0.2:80'] });
    expect(liveChanges(first, drained)).toEqual([
      'stream web set 10.0.0.2:80 {"down":true}',
      'http web set 10.0.0.2:80 {"drain":true}',
      'stream web has 10.0.0.1:80=up 10.0.0.2:80=down',
      'http web has 10.0.0.1:80=up 10.0.0.2:80=drain',
    ]);
    expect(liveChanges(drained, first)).toContain('http web set 10.0.0.2:80 {"drain":false}');
    // one that is alone is never rested, so that a second one changes what the first one says
    expect(liveChanges(await release([a]), first)).toEqual([
      'stream web add 10.0.0.2:80 {"server":"10.0.0.2:80","max_fails":3}',
      'http web add 10.0.0.2:80 {"server":"10.0.0.2:80","max_fails":3}',
      'stream web set 10.0.0.1:80 {"max_fails":3}',
      'http web set 10.0.0.1:80 {"max_fails":3}',
      'stream web has 10.0.0.1:80=up 10.0.0.2:80=up',
      'http web has 10.0.0.1:80=up 10.0.0.2:80=up',
    ]);
  });

  test('have addresses as NGINX spells them', async () => {
    const first = await release([{ address: '10.0.0.1' }, { address: '[2001:DB8:0:0::1]:81' }]);
    const changes = liveChanges(
      first,
      await release([{ address: '10.0.0.1' }, { address: '[2001:DB8:0:0::1]:81', weight: 2 }]),
    );
    expect(changes).toContain('http web set [2001:db8::1]:81 {"weight":2}');
    expect(changes).toContain('http web has 10.0.0.1:80=up [2001:db8::1]:81=up');
  });

  const reloads: [string, () => Promise<readonly [ReleaseFile[], ReleaseFile[]]>][] = [
    ['nothing has changed', async () => [await release([a, b]), await release([a, b])]],
    [
      'it is no NGINX Plus',
      async () => [await release([a, b], { keys: '' }), await release([a, b, c], { keys: '' })],
    ],
    [
      'something else has changed',
      async () => [
        await release([a, b]),
        await release([a, b, c], { keys: 'nginx: { plus: true }\ncompression: { level: 2 }' }),
      ],
    ],
    [
      'the way of choosing has changed',
      async () => [await release([a, b]), await release([a, b, c], { web: 'balance: least_conn,' })],
    ],
    [
      'a server is a backup from now on',
      async () => [await release([a, b]), await release([a, { ...b, backup: true }])],
    ],
    ['the order is another one', async () => [await release([a, b]), await release([b, a])]],
    ['one comes in front', async () => [await release([a, b]), await release([c, a, b])]],
    [
      'there are too many to be told in one go',
      async () => {
        const many = Array.from({ length: 1200 }, (_, index) => ({
          address: `10.1.${index >> 8}.${index & 255}:80`,
        }));
        return [await release([a, b]), await release([a, b, ...many])];
      },
    ],
    [
      'a server has a name',
      async () => [await release([a, b]), await release([a, b, { address: 'app.internal:80' }])],
    ],
    [
      'one of the same upstream has a name',
      async () => [
        await release([a, { address: 'app.internal:80' }]),
        await release([{ ...a, weight: 2 }, { address: 'app.internal:80' }]),
      ],
    ],
    [
      'a file has changed that is no configuration',
      async () => {
        const [before, after] = [await release([a, b]), await release([a, b, c])];
        const key = (content: string): ReleaseFile => ({
          path: 'tls/key.pem',
          content: Buffer.from(content),
          mode: 0o600,
        });
        return [
          [...before, key('one')],
          [...after, key('two')],
        ];
      },
    ],
    [
      'modules are loaded that were not',
      async () => {
        const load = { path: 'modules/load.conf', content: Buffer.from('load_module a.so;\n'), mode: 0o644 };
        return [await release([a, b]), [...(await release([a, b, c])), load]];
      },
    ],
  ];
  test.each(reloads)('are none where %s', async (_, make) => {
    const [before, after] = await make();
    expect(liveChanges(before, after)).toBeUndefined();
  });

  const servers = fc.uniqueArray(
    fc.record(
      {
        address: fc.nat(5).map((number) => `10.0.0.${number}:80`),
        weight: fc.integer({ min: 1, max: 3 }),
        max_conns: fc.integer({ min: 1, max: 3 }),
        max_fails: fc.nat(2),
        fail_timeout: fc.constantFrom('5s', '1m'),
        slow_start: fc.constantFrom('5s', '30s'),
        down: fc.boolean(),
        drained: fc.boolean(),
      },
      { requiredKeys: ['address'] },
    ),
    { selector: ({ address }) => address, minLength: 1 },
  );

  test('make of any servers what the next reload makes of them', async () => {
    const folder = await temporaryFolder();
    let made = 0;
    await fc.assert(
      fc.asyncProperty(servers, servers, async (old, now) => {
        const [before, after] = await Promise.all(
          [old, now].map((list) => {
            // one that nothing is wrong with, as all may not be out
            const given = [
              { address: '10.9.9.9:80' },
              ...list.map(({ drained: _drained, ...server }) => server),
            ];
            const drained = list
              .filter((server) => server.drained && !server.down)
              .map(({ address }) => `web/${address}`);
            return release(given, { drained });
          }),
        );
        const changes = liveChanges(before!, after!);
        if (!changes) return;
        made++;
        const groups = load(before!, folder);
        for (const line of changes) {
          const [module, upstream, change, address = '', ...more] = line.split(' ');
          const path = `/api/9/${module}/upstreams/${upstream}/servers`;
          const group = groups.find((other) => other.module === module && other.name === upstream)!;
          const id = group.peers.find(({ server }) => server === address)?.id;
          const ask = (method: string, url: string) =>
            answer(groups, { method, url, body: more.join(' ') }, {}, () => 0).status;
          if (change === 'add') expect(ask('POST', `${path}/`)).toBe(201);
          if (change === 'set') expect(ask('PATCH', `${path}/${id}`)).toBe(200);
          if (change === 'drop') expect(ask('DELETE', `${path}/${id}`)).toBe(200);
          // there is one that takes connections at all times
          expect(group.peers.some(({ down, drain }) => !down && !drain)).toBe(true);
        }
        expect(shown(groups)).toEqual(shown(load(after!, folder)));
      }),
      { numRuns: 150 },
    );
    expect(made).toBeGreaterThan(20);
  });
});
