import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/folder.ts';
import { without } from '../../../support/tools.ts';
import { startNode, tar, type TestNode, type Told } from './node.ts';

/** One member of a tar archive made by hand: tar itself does not write such names. */
interface Member {
  readonly name: string;
  readonly content?: string;
  /** 0 file, 1 hard link, 2 symbolic link, 3 device, 6 pipe. */
  readonly type?: string;
  readonly target?: string;
}

function member({ name, content = '', type = '0', target = '' }: Member): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  const fields: [number, string][] = [
    [0, name],
    [100, octal(0o644, 8)],
    [108, octal(12_345, 8)],
    [116, octal(12_345, 8)],
    [124, octal(content.length, 12)],
    [136, octal(0, 12)],
    [148, ' '.repeat(8)],
    [156, type],
    [157, target],
    [257, 'ustar\u000000'],
    [329, octal(1, 8)],
    [337, octal(3, 8)],
  ];
  for (const [offset, text] of fields) header.write(text, offset, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const manifest: Member = { name: 'manifest', content: 'mark 127.0.0.1 1\n' };
const archiveOf = (...members: Member[]): Buffer =>
  Buffer.concat([...members.map(member), Buffer.alloc(1024)]);

describe.skipIf(without('nginx', 'curl'))('receive', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode();
  });

  const receive = (
    release: string,
    input: Uint8Array,
    settings: Record<string, string> = {},
  ): Promise<Told> => node.run('receive', { settings: { release, ...settings }, input });
  const releases = (): Promise<string[]> => readdir(join(node.root, 'releases'));
  const refused = async (told: Told): Promise<void> => {
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(told.first('failed')).toMatch(/^receive\t/u);
    expect(await releases()).toEqual(['first']);
  };

  test('an archive that was cut off leaves nothing', async () => {
    const whole = archiveOf(
      manifest,
      { name: 'nginx.conf', content: 'x'.repeat(1000) },
      { name: 'last', content: 'y' },
    );
    for (let length = 0; length < whole.length; length += 256)
      await refused(await receive('cut', whole.subarray(0, length)));
    await refused(await receive('noise', Buffer.from('x'.repeat(5000) + '\0'.repeat(1024))));
    await refused(await receive('bare', archiveOf({ name: 'nginx.conf' })));
    expect(await node.leftovers()).toEqual([]);
  });

  test('names that lead out of it are refused', async () => {
    const outside = await temporaryFolder();
    const evil = join(outside, 'evil');
    await writeFile(join(outside, 'there'), 'untouched');
    const hostile: Member[][] = [
      [{ name: '../evil', content: 'x' }],
      [{ name: 'a/../../../evil', content: 'x' }],
      [{ name: evil, content: 'x' }],
      [{ name: 'out', type: '2', target: outside }],
      [
        { name: 'out', type: '2', target: outside },
        { name: 'out/evil', content: 'x' },
      ],
      [
        { name: 'up', type: '2', target: '..' },
        { name: 'up/evil', content: 'x' },
      ],
      [
        { name: 'hard', type: '1', target: join(outside, 'there') },
        { name: 'hard', content: 'x' },
      ],
      [{ name: 'null', type: '3' }],
      [{ name: 'pipe', type: '6' }],
    ];
    for (const members of hostile) await refused(await receive('evil', archiveOf(manifest, ...members)));
    expect(await readdir(outside)).toEqual(['there']);
    expect(await readFile(join(outside, 'there'), 'utf8')).toBe('untouched');
  });

  test.each(['', '..', '.hidden', '-rf', 'a/b', '$(id)', 'a b', 'a\nb'])(
    'a release is not called %j',
    async (name) => {
      expect(await receive(name, archiveOf(manifest))).toMatchObject({ code: 64, lines: [] });
      expect(await releases()).toEqual(['first']);
    },
  );

  test('is whole, belongs to who received it, and may come again', async () => {
    const archive = archiveOf(manifest, { name: 'conf.d/a.conf', content: '# a' });
    for (let time = 0; time < 2; time++)
      expect(await receive('again', archive)).toMatchObject({ code: 0, lines: [], stderr: '' });
    const folder = join(node.root, 'releases/again');
    expect(await readFile(join(folder, 'conf.d/a.conf'), 'utf8')).toBe('# a');
    expect((await stat(join(folder, 'manifest'))).uid).toBe(process.getuid!());
    // it is the newest, whatever the times in the archive
    expect(Date.now() - (await stat(folder)).mtimeMs).toBeLessThan(10_000);
    expect(await node.leftovers()).toEqual([]);
  });

  test('a release that somebody changed is mended where it is', async () => {
    const archive = await tar({ manifest: 'mark 127.0.0.1 1\n', 'conf.d/a.conf': '# a' });
    await receive('mended', archive);
    const path = join(node.root, 'releases/mended/conf.d/a.conf');
    await writeFile(path, '# b');
    await writeFile(join(node.root, 'releases/mended/conf.d/own.conf'), 'deny all;');
    expect(await receive('mended', archive)).toMatchObject({ code: 0, lines: [], stderr: '' });
    expect(await readFile(path, 'utf8')).toBe('# a');
    expect(await readdir(join(node.root, 'releases/mended/conf.d'))).toEqual(['a.conf']);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'files of auth/ may be read by the group of the workers',
    async () => {
      const group = spawnSync('id', ['-gn', 'nobody'], { encoding: 'utf8' }).stdout.trim();
      const folder = await temporaryFolder();
      await mkdir(join(folder, 'auth'), { mode: 0o700 });
      await writeFile(join(folder, 'auth/users'), 'a:b\n', { mode: 0o600 });
      await writeFile(join(folder, 'tls.key'), 'key\n', { mode: 0o600 });
      await writeFile(join(folder, 'manifest'), manifest.content!);
      const { stdout } = spawnSync('tar', ['-cf', '-', '-C', folder, '.']);
      expect(await receive('auth', stdout, { group })).toMatchObject({ code: 0, lines: [], stderr: '' });
      const rights = spawnSync('stat', ['-c', '%a %G', 'auth', 'auth/users', 'tls.key'], {
        cwd: join(node.root, 'releases/auth'),
        encoding: 'utf8',
      });
      expect(rights.stdout.trim().split('\n')).toEqual([`750 ${group}`, `640 ${group}`, '600 root']);
      const none = await receive('nogroup', stdout, { group: 'no-such-group' });
      expect(none).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
      expect(none.first('failed')).toBe('receive\tgroup no-such-group cannot be given its files');
      expect(none.first('evidence')).toContain('no-such-group');
      await rm(join(node.root, 'releases/auth'), { recursive: true });
    },
  );
});
