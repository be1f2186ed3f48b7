import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { without } from '../../../support/tools.ts';
import { startNode } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('drained servers', () => {
  test('are kept with a release, and only by whoever knew which ones there were', async () => {
    const node = await startNode();
    await node.add('second');
    const kept = () => readFile(join(node.root, 'drained'), 'utf8').catch(() => '');
    const first = { drained: 'web/10.0.0.1:80 api/unix:/run/a.sock', seen: '' };
    expect(await node.activate('second', { settings: first })).toMatchObject({ code: 0, outcome: 'kept' });
    expect(await kept()).toBe('web/10.0.0.1:80\napi/unix:/run/a.sock\n');

    const late = await node.activate('first', { settings: { drained: 'web/10.0.0.2:80', seen: '' } });
    expect(late).toMatchObject({ code: 11, outcome: 'refused' });
    expect(late.first('failed')).toBe('drained\tservers were drained or lifted meanwhile');
    expect(await node.served()).toBe('second');
    expect(await kept()).toBe('web/10.0.0.1:80\napi/unix:/run/a.sock\n');

    const lifted = { drained: '', seen: first.drained };
    expect(await node.activate('first', { settings: lifted })).toMatchObject({ code: 0, outcome: 'kept' });
    expect(await kept()).toBe('');
    expect(await node.leftovers()).toEqual([]);
  });

  test('are asked for by nothing but ends', async () => {
    const node = await startNode();
    for (const servers of ['$(id)', 'a;b', 'a"b', "a'b", 'a\\n', 'a\nb'])
      expect(await node.run('connections', { settings: { servers } })).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('no ends of servers') as string,
      });
  });
});
