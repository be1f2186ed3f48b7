import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { without } from '../../../support/tools.ts';
import { killAt, killedIn } from './kill.ts';
import type { TestNode } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('killed while it begins and ends', () => {
  const ofTheDead = (line: string): boolean => /lock\/\$me|holder" \]/u.test(line);

  test('in taking the lock, and in noting what is done', async () => {
    const places = await killedIn(
      ['put', 'step', 'record', 'take_lock'],
      (line) => !ofTheDead(line) && !/decline|locked|until/u.test(line),
    );
    expect(await killAt(places)).toEqual([]);
  }, 300_000);

  test('in taking over a lock of the dead', async () => {
    const places = await killedIn(['take_lock'], (line) => ofTheDead(line) && !line.includes('trap'));
    const prepare = async ({ root }: TestNode): Promise<void> => {
      await mkdir(join(root, 'lock'));
      await writeFile(join(root, 'lock/999999.1'), 'ann\ta change\t1\n');
    };
    expect(await killAt(places, { prepare })).toEqual([]);
  }, 300_000);

  test('in keeping a release, and dropping others', async () => {
    const places = await killedIn(['keep_release']);
    const prepare = (node: TestNode): Promise<void> => node.add('old');
    expect(await killAt(places, { prepare, keep: 2 })).toEqual([]);
  }, 300_000);
});
