import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { findNginxFiles } from '../../../src/lib/source/nginx-files.ts';
import { temporaryFolder, writeFiles } from '../../support/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const put = (...paths: string[]) =>
  writeFiles(folder, Object.fromEntries(paths.map((path) => [path, 'a;\n'])));
const found = async (...operands: string[]) => findNginxFiles(operands, folder).map(({ name }) => name);

describe('a folder', () => {
  test('has its *.conf files, and every file of folders that hold configuration', async () => {
    await put('nginx.conf', 'mime.types', 'notes.md', 'deep/er/x.conf', 'deep/er/x.txt');
    await put('sites-available/example.com', 'sites-available/default', 'sites-available/default.bak');
    await put(
      'sites-available/README',
      'sites-available/default~',
      'snippets/tls',
      'conf.d/a.conf.dpkg-dist',
    );
    await put('modules-enabled/50-mod', 'streams-available/dns', 'conf.d/upstream', 'certs-enabled/key.pem');
    expect(await found('.')).toEqual([
      'nginx.conf',
      'conf.d/upstream',
      'deep/er/x.conf',
      'modules-enabled/50-mod',
      'sites-available/default',
      'sites-available/example.com',
      'snippets/tls',
      'streams-available/dns',
    ]);
    expect(await found('sites-available')).toEqual([
      'sites-available/default',
      'sites-available/example.com',
    ]);
  });

  test('has nothing hidden and no node_modules', async () => {
    await put('.git/a.conf', '.a.conf', 'node_modules/x/a.conf', 'b.conf', 'conf.d/.swap');
    expect(await found('.')).toEqual(['b.conf']);
  });

  test('may lead back to itself, and a file that several names lead to comes once', async () => {
    await put('sites-available/shop', 'other/x.conf');
    mkdirSync(join(folder, 'sites-enabled'));
    symlinkSync('../sites-available/shop', join(folder, 'sites-enabled/shop'));
    symlinkSync('..', join(folder, 'sites-available/loop'));
    symlinkSync('self.conf', join(folder, 'self.conf'));
    symlinkSync('nowhere.conf', join(folder, 'broken.conf'));
    symlinkSync('../other', join(folder, 'sites-enabled/other'));
    expect(await found('.', folder, 'sites-enabled')).toEqual(['other/x.conf', 'sites-available/shop']);
  });

  test('without any is told', async () => {
    await put('empty/notes.md');
    await expect(found('empty')).rejects.toMatchObject({ code: 'no-files', kind: 'input' });
  });
});

describe('a file', () => {
  test('that is named counts whatever it is called', async () => {
    await put('mime.types', '.hidden');
    expect(await found('mime.types', '.hidden', './mime.types')).toEqual(['mime.types', '.hidden']);
  });

  test('behind a link is the one that the link leads to', async () => {
    await put('real.conf');
    symlinkSync('real.conf', join(folder, 'link.conf'));
    const [file] = findNginxFiles(['link.conf'], folder);
    expect(file).toMatchObject({ name: 'link.conf', path: expect.stringMatching(/real\.conf$/u) });
  });

  test.each([
    ['none.conf', 'no-such-file'],
    ['a.conf/b', 'no-such-file'],
    ['/dev/null', 'not-a-file'],
    ['x*.conf', 'no-files'],
  ])('that is none, %s, is told', async (operand, code) => {
    await put('a.conf');
    await expect(found('a.conf', operand)).rejects.toMatchObject({ code, kind: 'input' });
  });
});

describe('a pattern', () => {
  test.each([
    ['*.conf', ['a.conf', 'b.conf']],
    ['conf.d/*', ['conf.d/c.conf', 'conf.d/d']],
    ['conf.d/[c-c].conf', ['conf.d/c.conf']],
    ['./con?.d/c.*', ['conf.d/c.conf']],
    ['**/*.conf', ['a.conf', 'b.conf', 'conf.d/c.conf', 'deep/er/e.conf']],
    ['deep/**/e.conf', ['deep/er/e.conf']],
    ['*/er', ['deep/er/e.conf']],
    ['[x].conf', ['[x].conf']],
  ])('%s', async (pattern, names) => {
    await put('a.conf', 'b.conf', 'conf.d/c.conf', 'conf.d/d', 'deep/er/e.conf', '.git/f.conf', '.g.conf');
    await put('node_modules/h.conf');
    if (pattern.startsWith('[')) await put(pattern, 'x.conf');
    expect(await found(pattern)).toEqual(names);
    if (!pattern.startsWith('.') && !pattern.startsWith('['))
      expect(await found(join(folder, pattern))).toEqual(names.map((name) => join(folder, name)));
  });
});
