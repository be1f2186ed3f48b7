import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { endNginx } from '../support/processes.ts';
import { without } from '../support/tools.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

describe.skipIf(without('nginx', 'curl'))('the demo', { timeout: 90_000 }, () => {
  let folder: string;
  let demo: string;

  // a checkout of its own, as the demo lives in its folder
  beforeEach(async () => {
    folder = await temporaryFolder();
    demo = join(folder, '.lbctl-demo');
    cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
    // no source is newer than the build, whatever other tests do meanwhile: it would be built anew under them
    mkdirSync(join(folder, 'src'));
    for (const name of ['bin', 'dist', 'fixtures', 'node_modules', 'package.json', 'package-lock.json'])
      symlinkSync(join(ROOT, name), join(folder, name));
    return () => endNginx(join(demo, '.lbctl'));
  });

  /** Starts it in a process group of its own, as a shell does; `act` is called once a text is shown. */
  async function quickstart(
    args: readonly string[],
    until?: string,
    act: (child: ChildProcess) => void = () => undefined,
  ): Promise<{ code: number | null; text: string }> {
    const child = spawn(process.execPath, [join(folder, 'scripts/quickstart.js'), ...args], {
      detached: true,
    });
    let text = '';
    let isShown = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (until === undefined || isShown || !text.includes(until)) return;
        isShown = true;
        act(child);
      });
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, text };
  }

  const keep = () => {
    mkdirSync(demo);
    writeFileSync(join(demo, 'lb.yaml'), 'name: mine\n');
    writeFileSync(join(demo, 'servers.json'), '[]');
  };

  test('does not replace one that was kept unless it is told to, and knows its options', async () => {
    keep();
    expect(await quickstart(['--keep'])).toEqual({
      code: 2,
      text: expect.stringContaining('hint: npm run quickstart -- --keep --fresh replaces it\n') as string,
    });
    expect(readFileSync(join(demo, 'lb.yaml'), 'utf8')).toBe('name: mine\n');
    expect(await quickstart(['--kepp'])).toMatchObject({
      code: 2,
      text: expect.stringContaining("error: unknown option '--kepp'") as string,
    });
    const help = await quickstart(['--help']);
    expect([help.code, help.text]).toEqual([0, expect.stringContaining('-- --fresh    replace a demo')]);
  });

  test('leaves nothing where its reader has seen enough', async () => {
    keep();
    const { code, text } = await quickstart(['--fresh'], '▸ lbctl up', ({ stdout }) => stdout!.destroy());
    expect(text).not.toContain('lbctl status');
    expect([code, existsSync(demo), running()]).toEqual([0, false, []]);
  });

  test('leaves nothing on Ctrl-C, and says so', async () => {
    const { code, text } = await quickstart([], '▸ lbctl up', ({ pid }) => process.kill(-pid!, 'SIGINT'));
    expect([code, text]).toEqual([
      130,
      expect.stringContaining('interrupted; the demo is stopped and removed\n'),
    ]);
    expect(text).not.toContain('failed');
    expect([existsSync(demo), running()]).toEqual([false, []]);
  });

  /** Command lines of what is left of the demo. */
  function running(): string[] {
    const { stdout } = spawnSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(folder));
  }
});
