import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAll } from '../../../support/backends.ts';
import { lbctl } from '../../../support/cli.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { freePort } from '../../../support/ports.ts';
import { endNginx } from '../../../support/processes.ts';
import { newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

interface Told {
  readonly upstreams: [{ readonly servers: readonly object[] }];
}

test.skipIf(without('nginx'))(
  'servers are told as they serve, and as lb.yaml has them where that differs',
  async () => {
    const folder = await temporaryFolder();
    const run = (...args: string[]) => lbctl(args, { cwd: folder });
    const port = await freePort();
    const lead = (to: number) =>
      writeFileSync(
        join(folder, 'lb.yaml'),
        `name: shop\nlisteners: { http: { port: ${port} } }\nupstreams: { web: [127.0.0.1:${to}] }\nroutes: [{ paths: { /: web } }]\n`,
      );
    const [before, after] = [await freePort(), await freePort()];
    lead(before);
    try {
      const up = await run('up', '--watch', '0');
      // nothing was there before
      expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('· no server of web answers\n')]);
      const same = (await run('status')).stdout;
      expect(same).toMatch(
        new RegExp(`upstream web\n  127.0.0.1:${before}  down  refuses connections\n`, 'u'),
      );
      expect(same).toContain('! no server of upstream web can be reached');
      lead(after);
      const { stdout } = await run('status');
      expect(stdout).toContain('upstream web\n');
      expect(stdout).toContain(
        `  127.0.0.1:${before}  down  refuses connections  serves, though lb.yaml has it no more\n`,
      );
      expect(stdout).toContain(
        `  127.0.0.1:${after}  down  refuses connections  does not serve yet: lbctl up brings it\n`,
      );
      expect(stdout).toContain('! no server of upstream web can be reached');
      const [{ servers }] = (JSON.parse((await run('status', '--json')).stdout) as Told).upstreams;
      expect(servers).toMatchObject([
        { served: true, described: false },
        { served: false, described: true },
      ]);
      // one that answers and does not serve helps nobody
      const [backend] = await startAll(['a']);
      lead(backend!.port);
      expect((await run('status')).stdout).toContain('! no server of upstream web can be reached');
    } finally {
      await endNginx(join(folder, '.lbctl'));
    }
  },
);

test.skipIf(without('nginx', 'curl'))(
  'what somebody has gone back from is not told to be brought again',
  async () => {
    const shop = await newShop();
    await shop.run('up');
    shop.write('two');
    await shop.run('deploy', '--yes', '--watch', '0');
    const { serving: fled } = await shop.status();
    expect(await shop.run('rollback', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('one');
    const [remark, ...others] = (await shop.status()).remarks;
    expect(others).toEqual([]);
    expect(remark).toMatch(
      new RegExp(String.raw`^gone back from ${fled} at [\d-]+ [\d:]+ UTC \(rollback\); `, 'u'),
    );
    expect(remark).toContain('; lb.yaml still describes that one, and lbctl up would bring it again');
    shop.write('three');
    expect((await shop.status()).remarks).toEqual([
      'lb.yaml has changed since: lbctl up brings it into effect',
    ]);
  },
);

test.skipIf(without('nginx', 'curl'))('git leaves the folder of balancers alone', async () => {
  const shop = await newShop();
  const git = (...args: string[]) => spawnSync('git', args, { cwd: shop.folder, encoding: 'utf8' }).stdout;
  git('init', '--quiet');
  await shop.run('up');
  expect(git('status', '--porcelain', '--untracked-files=all')).toBe('?? lb.yaml\n');
});
