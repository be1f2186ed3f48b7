import { closeSync, openSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../src/lib/make-folder.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a folder is made with those above it, once', async () => {
  const folder = join(await temporaryFolder(), 'a/b/c');
  for (let time = 0; time < 2; time++) {
    makeFolder(folder, 0o700);
    expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700);
  }
});

test('what cannot be made ends with what the system says', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('nowhere', join(folder, 'link'));
  makeFolder(join(folder, 'gone'));
  const file = openSync(join(folder, 'gone'), 'r');
  rmdirSync(join(folder, 'gone'));
  const codeOf = (path: string): unknown => {
    try {
      return makeFolder(path);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  expect(['file', 'file/a', 'link/a/b'].map((path) => codeOf(join(folder, path)))).toEqual([
    'EEXIST',
    'ENOTDIR',
    'EEXIST',
  ]);
  // where it is, nothing can be made any more, as nowhere in /proc
  expect(codeOf(`/dev/fd/${file}/a/b`)).toBe('ENOENT');
  closeSync(file);
});
