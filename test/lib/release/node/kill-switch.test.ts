import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { killAt, killedIn } from './kill.ts';
import type { TestNode } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('killed while it activates a release', () => {
  test('where the link is its own', async () => {
    const places = await killedIn(
      ['activate', 'lead'],
      (line) => !/before|starting|start_nginx|applying/u.test(line),
    );
    expect(await killAt(places)).toEqual([]);
  }, 300_000);

  test('where a file was before', async () => {
    const places = await killedIn(
      ['activate', 'lead'],
      (line) => /before\b(?!\))|ln -s|switching/u.test(line) && !/before\)/u.test(line),
    );
    let before: string | undefined;
    const prepare = async (node: TestNode): Promise<void> => {
      before ??= await readFile(node.link, 'utf8');
      await rm(node.link);
      await writeFile(node.link, before);
      process.kill(await node.master(), 'SIGHUP');
      // also by the last worker
      await until('the file serves', async () => {
        for (let streak = 0; streak < 10; streak++) if ((await node.served()) !== 'before') return false;
        return true;
      });
    };
    expect(await killAt(places, { system: true, prepare })).toEqual([]);
  }, 300_000);
});
