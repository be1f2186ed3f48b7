import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { withDrained, wordOf } from '../../../src/lib/pool/drained.ts';
import { markDrained } from '../../../src/lib/pool/marked.ts';
import { buildRelease, type ReleaseFile } from '../../../src/lib/release/build.ts';
import { type Layout, RELEASE_ID, systemLayout } from '../../../src/lib/render/layout.ts';
import { manifestOf } from '../../../src/lib/render/manifest.ts';
import { render } from '../../../src/lib/render/render.ts';
import type { Loaded } from '../../../src/lib/source/load.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/generate');

interface Made {
  readonly id: string;
  readonly files: readonly ReleaseFile[];
}

const layouts: readonly (readonly [name: string, layout: Layout])[] = [
  ['beside nginx.conf', systemLayout('www-data')],
  ['in folders of their names', { ...systemLayout('www-data'), folder: `/etc/lbctl/releases/${RELEASE_ID}` }],
];

/** A release as a provider makes it; files that lb.yaml names are left out. */
async function made({ balancer, drained }: Loaded, layout = layouts[0]![1]): Promise<Made> {
  const tree = render(balancer, layout);
  const { digest, files } = await buildRelease({ ...tree, assets: [] }, '/');
  const manifest = Buffer.from(manifestOf(balancer, tree.sockets, drained));
  return { id: digest, files: [...files, { path: 'manifest', content: manifest, mode: 0o644 }] };
}

/** Texts by path; of the manifest the lines in any order. */
function texts({ files }: Made): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path, content }) => {
      const text = Buffer.from(content).toString('utf8');
      return [path, path === 'manifest' ? text.split('\n').toSorted().join('\n') : text];
    }),
  );
}

function load(text: string): Loaded {
  const { balancer, source } = readBalancer(text, 'lb.yaml');
  return { balancer, source, file: 'lb.yaml', folder: '/' };
}

const HARD = `
name: hard
listeners: { http: { port: 80 }, tcp: { port: 90, protocol: tcp, upstream: both }, udp: { port: 53, protocol: udp, upstream: dns } }
upstreams:
  both: [10.0.0.1, "[2001:db8::1]:81", "unix:/run/a.sock", { address: app.internal:80, down: true }]
  dns: [10.0.0.1:53, 10.0.0.2:53]
  long:
    - { address: "${'a.'.repeat(40)}internal:8080", weight: 5, max_conns: 100, max_fails: 7, fail_timeout: 30s }
    - { address: 10.0.0.1:80, backup: true }
    - 10.0.0.10:80
routes: [{ paths: { /: both, /long: long } }]
`;

const sources: readonly (readonly [name: string, text: string])[] = [
  ['all kinds of servers', HARD],
  ...readdirSync(fixtures)
    .filter((name) => name.endsWith('.yaml'))
    .map((name): [string, string] => [name, readFileSync(join(fixtures, name), 'utf8')]),
];

describe.each(layouts)('a release whose servers are drained later, with files %s', (_, layout) => {
  test.each(sources)(
    '%s is what lb.yaml gives with them, and as before when that is lifted',
    async (_, text) => {
      const loaded = load(text);
      const before = await made(loaded, layout);
      // as they come from a node, in any order
      const same = markDrained(before.files.toReversed(), []);
      expect(same.id).toBe(before.id);
      expect(texts(same)).toEqual(texts(before));
      const words = Object.entries(loaded.balancer.upstreams).flatMap(([upstream, { servers }]) =>
        servers.map(({ address }) => wordOf({ upstream, address })),
      );
      for (const word of words) {
        let marked: Loaded;
        try {
          marked = withDrained(loaded, [word, 'gone/10.0.0.1:80']);
        } catch (error) {
          expect(error).toMatchObject({ code: 'all-drained' });
          continue;
        }
        const rendered = await made(marked, layout);
        const later = markDrained(before.files, [word, 'gone/10.0.0.1:80']);
        expect(later.id).toBe(rendered.id);
        expect(texts(later)).toEqual(texts(rendered));
        const lifted = markDrained(later.files, []);
        expect(lifted.id).toBe(before.id);
        expect(texts(lifted)).toEqual(texts(before));
      }
    },
  );

  test('changes from one to another at once', async () => {
    const loaded = load(HARD);
    const one = await made(withDrained(loaded, ['both/10.0.0.1', 'dns/10.0.0.1:53']), layout);
    const other = await made(withDrained(loaded, ['both/unix:/run/a.sock', 'dns/10.0.0.1:53']), layout);
    expect(texts(markDrained(one.files, ['both/unix:/run/a.sock', 'dns/10.0.0.1:53']))).toEqual(texts(other));
  });

  test('leaves alone what is down in lb.yaml, and forgets what is not there', async () => {
    const loaded = load(HARD);
    const words = ['both/app.internal:80', 'both/10.9.9.9:80', 'none/10.0.0.1'];
    expect(withDrained(loaded, words).drained).toEqual([]);
    expect(markDrained((await made(loaded, layout)).files, words).id).toBe((await made(loaded, layout)).id);
  });
});
