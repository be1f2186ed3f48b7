import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../support/ports.ts';
import { newShop, type Shop } from '../../../support/shop.ts';
import { findNginx, moduleFile, without } from '../../../support/tools.ts';

const built = moduleFile('stream') === 'built-in';

/** What NGINX says to the release that `current` leads to. */
function judge({ prefix }: Shop): string {
  const args = ['-t', '-p', `${prefix}/`, '-c', 'current/nginx.conf', '-e', 'logs/error.log'];
  const { status, stderr } = spawnSync(findNginx()!, args, { encoding: 'utf8' });
  return status === 0 ? 'fine' : stderr;
}

describe.skipIf(without('nginx', 'curl', 'stream') || built)(
  'modules that a release needs',
  { timeout: 90_000 },
  () => {
    let shop: Shop;
    let listener: string;
    const zone = (key: string) => `snippets: { http: "limit_req_zone ${key} zone=mine:1m rate=1r/s;" }`;

    beforeEach(async () => {
      shop = await newShop();
      const port = await freePort();
      listener = `}, raw: { port: ${port}, protocol: tcp, upstream: db`;
      shop.write('one', {
        keys: `upstreams: { db: ["127.0.0.1:${port}"] }\n${zone('$remote_addr')}`,
        listener,
      });
      expect(await shop.run('up')).toMatchObject({ code: 0 });
      expect(judge(shop)).toBe('fine');
    });

    test('stay when another release is refused', async () => {
      shop.write('two', { keys: 'snippets: { http: "no_such_directive on;" }' });
      expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 3 });
      expect(judge(shop)).toBe('fine');
    });

    test('stay when another release is taken back', async () => {
      shop.write('two', { keys: zone('$uri') });
      expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 3 });
      expect(judge(shop)).toBe('fine');
    });

    test('go with it, and are no change of lb.yaml', async () => {
      shop.write('two', { keys: zone('$remote_addr') });
      expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
      expect([judge(shop), await shop.answer()]).toEqual(['fine', 'two']);
      shop.write('three', { keys: zone('$remote_addr') });
      expect((await shop.run('plan')).stdout).not.toContain('modules/');
      expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
      expect((await shop.run('plan', '--check')).code).toBe(0);
    });
  },
);
