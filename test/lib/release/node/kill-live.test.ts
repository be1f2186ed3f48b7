import { readlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { killedIn } from './kill.ts';
import { startLoad } from './load.ts';
import { variant } from './node.ts';
import { startPlusNode } from './plus.ts';

describe.skipIf(without('nginx', 'curl'))('killed while NGINX Plus is changed by its API', () => {
  test('at any place, the next run leaves it with the servers of the release that is in place', async () => {
    const places = await killedIn(
      ['activate', 'apply', 'find_api', 'keep_release'],
      (line) => !/before|begun|start|reload|confirm|\.drop/u.test(line),
    );
    const { node, servers, release, listed } = await startPlusNode();
    const [a, b, c] = servers;
    const sets = {
      few: { lines: [a, b], has: `${a}=up ${b}=up` },
      many: { lines: [a, `${b} drain`, c], has: `${a}=up ${b}=drain ${c}=up` },
    } as const;
    const there = {
      many: [`add ${c} {"server":"${c}"}`, `set ${b} {"drain":true}`],
      few: [`set ${b} {"drain":false}`, `drop ${c}`],
    } as const;
    await node.add('few', release(sets.few.lines));
    expect(await node.activate('few')).toMatchObject({ code: 0 });
    const load = startLoad(node.port, (body) => /"name":"[abc]"/u.test(body), {
      fresh: 1,
      kept: 1,
      pause: 10,
    });
    const missed: string[] = [];
    for (const [index, { place, script }] of places.entries()) {
      const base = (await readlink(node.link)).endsWith('many') ? 'many' : 'few';
      const wanted = base === 'many' ? 'few' : 'many';
      const verb = index % 2 === 0 ? 'activate' : 'recover';
      const changes = [...there[wanted], `has ${sets[wanted].has}`].map((line) => `http web ${line}`);
      const settings = { base, live: changes.join('\n') };
      await node.add(wanted, release(sets[wanted].lines));
      const cut = await node.activate(wanted, { settings, script: await variant(() => script) });
      if (cut.code !== null) missed.push(place);
      const told = await node.run(verb, { settings: { release: wanted, watch: 0, ...settings } });
      const now = (await readlink(node.link)).endsWith('many') ? 'many' : 'few';
      const seen = await node.run('observe');
      expect({
        place,
        verb,
        code: told.code,
        stderr: told.stderr,
        serving: seen.first('serving'),
        listed: (await listed()).map((line) => line.replace(' ', '=')).toSorted(),
      }).toEqual({
        place,
        verb,
        code: 0,
        stderr: '',
        serving: verb === 'activate' ? wanted : now,
        listed: sets[now].has.split(' ').toSorted(),
      });
      await until(`nothing is left: ${place}`, async () => (await node.leftovers()).length === 0, 2000);
    }
    const { failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(missed).toEqual([]);
    expect(places.length).toBeGreaterThan(15);
  }, 600_000);
});
