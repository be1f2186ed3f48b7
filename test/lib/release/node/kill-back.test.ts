import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processesOf } from '../../../support/processes.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { killAt, killedIn } from './kill.ts';
import { startNode, variant } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('killed while it takes a release back', () => {
  const starting = (line: string): boolean => /\bout\b|orphans|start/u.test(line);

  test('where the link is its own', async () => {
    const places = await killedIn(
      ['take_back', 'undo', 'lead'],
      (line) => !starting(line) && !/before|stuck|halt/u.test(line),
    );
    expect(await killAt(places, { outcome: 'undone' })).toEqual([]);
  }, 300_000);

  test('where a file was before', async () => {
    const places = await killedIn(
      ['take_back', 'lead'],
      (line) => /before\)|lead|kill/u.test(line) && !starting(line),
    );
    expect(await killAt(places, { outcome: 'undone', system: true })).toEqual([]);
  }, 300_000);

  test('and starts NGINX again', async () => {
    const node = await startNode();
    await node.add('second');
    for (const { place, script } of await killedIn(
      ['take_back'],
      (line) => starting(line) && !line.includes('orphans'),
    )) {
      await rm(node.link);
      await symlink('releases/second', node.link);
      await writeFile(join(node.root, 'journal'), 'watching\tsecond\treleases/first\tno\t\n');
      process.kill(await node.master(), 'SIGTERM');
      await until('NGINX has ended', async () => (await processesOf(join(node.log, '..'))).length === 0);
      const cut = await node.run('recover', { script: await variant(() => script) });
      const { code, outcome, stderr } = await node.run('recover');
      const state = {
        code,
        outcome,
        stderr,
        serving: await node.served(),
        leftovers: await node.leftovers(),
      };
      expect({ place, cut: cut.code, ...state }).toEqual({
        place,
        cut: null,
        code: 0,
        outcome: 'recovered',
        stderr: '',
        serving: 'first',
        leftovers: [],
      });
    }
  }, 300_000);
});
