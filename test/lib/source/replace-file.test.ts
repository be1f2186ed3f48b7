import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { replaceFile } from '../../../src/lib/source/replace-file.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'a.conf');
  writeFileSync(path, 'old\n');
});

test.each([0o644, 0o600, 0o640, 0o664, 0o444, 0o4755])('mode %o stays', async (mode) => {
  chmodSync(path, mode);
  await replaceFile(path, Buffer.from('new\n'));
  expect(readFileSync(path, 'utf8')).toBe('new\n');
  expect(statSync(path).mode & 0o7777).toBe(mode);
  expect(readdirSync(folder)).toEqual(['a.conf']);
});

test.skipIf(process.getuid?.() !== 0)('the owner stays', async () => {
  chownSync(path, 12345, 23456);
  chmodSync(path, 0o640);
  await replaceFile(path, Buffer.from('new\n'));
  expect(statSync(path)).toMatchObject({ uid: 12345, gid: 23456 });
  expect(statSync(path).mode & 0o7777).toBe(0o640);
});

test('who has the old file open reads it to its end', async () => {
  const reader = await open(path);
  await replaceFile(path, Buffer.from('new content\n'));
  expect(await reader.readFile('utf8')).toBe('old\n');
  await reader.close();
});

test('a name as long as names can be is no obstacle', async () => {
  const long = join(folder, 'x'.repeat(255));
  writeFileSync(long, 'old');
  await replaceFile(long, Buffer.from('new'));
  expect(readFileSync(long, 'utf8')).toBe('new');
});

test('a failure leaves nothing behind', async () => {
  const inner = join(folder, 'gone/a.conf');
  await expect(replaceFile(inner, Buffer.from('new'))).rejects.toMatchObject({ code: 'ENOENT' });
  const notBytes = 5 as unknown as Uint8Array;
  await expect(replaceFile(path, notBytes)).rejects.toThrow(TypeError);
  expect(readdirSync(folder)).toEqual(['a.conf']);
  expect(readFileSync(path, 'utf8')).toBe('old\n');
});
