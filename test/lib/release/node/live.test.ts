import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { request } from '../../../support/client.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { type PlusNode, startPlusNode } from './plus.ts';

describe.skipIf(without('nginx', 'curl'))('a release that NGINX Plus is changed to by its API', () => {
  let there: PlusNode;
  beforeAll(async () => void (there = await startPlusNode()));

  const loaded = async (): Promise<string> =>
    (await request({ port: there.node.mark, path: '/release' })).body.trim();

  test('serves without a reload, and the next reload changes nothing', async () => {
    const { node, plus, servers, change, listed, reached } = there;
    const [a, b, c] = servers;
    const workers = await plus.loads();
    const drain = await change(
      'drained',
      [a, `${b} drain`],
      [`set ${b} {"drain":true}`, `has ${a}=up ${b}=drain`],
    );
    expect(drain).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(drain.all('step').map((step) => step.split('\t')[0])).toEqual([
      'checking',
      'switching',
      'applying',
      'probing',
      'watching',
      'keeping',
    ]);
    expect(drain.all('note')).toEqual([]);
    expect(await listed()).toEqual([`${a} up`, `${b} drain`]);
    expect(await reached()).toEqual(['a']);

    const added = [a, `${b} drain`, `${c} weight=5`];
    const add = await change('added', added, [
      `add ${c} {"server":"${c}","weight":5}`,
      `has ${a}=up ${b}=drain ${c}=up`,
    ]);
    expect(add).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    const drop = await change(
      'dropped',
      [`${b} drain`, `${c} weight=5`],
      [`drop ${a}`, `has ${c}=up ${b}=drain`],
    );
    expect(drop).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(await plus.changes()).toEqual([
      `PATCH /api/9/http/upstreams/web/servers/1 {"drain":true}`,
      `POST /api/9/http/upstreams/web/servers/ {"server":"${c}","weight":5}`,
      'DELETE /api/9/http/upstreams/web/servers/0',
    ]);
    expect(await listed()).toEqual([`${b} drain`, `${c} up`]);

    // it is told what serves, and what is loaded
    expect(await plus.loads()).toBe(workers);
    expect(await loaded()).toBe('first');
    const seen = await node.run('observe');
    expect(seen).toMatchObject({ code: 0, stderr: '' });
    expect(seen.first('serving')).toBe('dropped');
    expect(seen.first('loaded')).toBe('first');
    expect(await node.leftovers()).toEqual([]);

    process.kill(await node.master(), 'SIGHUP');
    await until('it has loaded what is in place', async () => (await loaded()) === 'dropped');
    expect(await listed()).toEqual([`${b} drain`, `${c} up`]);
    expect(await reached()).toEqual(['c']);
    const after = await node.run('observe');
    expect(after.first('serving')).toBe('dropped');
    expect(after.first('loaded')).toBeUndefined();
  });

  test('is told from one that it was not changed to, and keeps what is loaded', async () => {
    const { node, change, servers } = there;
    const [, b, c] = servers;
    const lift = await change(
      'lifted',
      [b, `${c} weight=5`],
      [`set ${b} {"drain":false}`, `has ${b}=up ${c}=up`],
    );
    expect(lift).toMatchObject({ code: 0, stderr: '' });
    // going back to what is loaded takes a reload, as what is loaded is not what runs
    const back = await node.activate('dropped', { settings: { keep: 2 } });
    expect(back).toMatchObject({ code: 0, outcome: 'kept' });
    expect(back.all('step').join()).toContain('reloading');
    expect((await node.run('observe')).first('loaded')).toBeUndefined();
    for (const [name, weight] of [
      ['one', 1],
      ['two', 2],
      ['three', 3],
    ] as const) {
      await node.add(name, there.release([`${b} drain`, `${c} weight=${weight}`]));
      const told = await node.activate(name, {
        settings: {
          keep: 2,
          base: name === 'one' ? 'dropped' : name === 'two' ? 'one' : 'two',
          live: `http web set ${c} {"weight":${weight}}\nhttp web has ${b}=drain ${c}=up`,
        },
      });
      expect(told).toMatchObject({ code: 0, stderr: '' });
      expect(told.all('note')).toEqual([]);
    }
    expect((await readdir(join(node.root, 'releases'))).toSorted()).toEqual(['dropped', 'three', 'two']);
    expect(await loaded()).toBe('dropped');
  });

  const error = (status: number, text: string): string =>
    JSON.stringify({ error: { status, text, code: 'Some' }, request_id: '0', href: 'https://nginx.org' });

  const faults = [
    ['knows other versions', { versions: [1, 10] }, 'its API has no version that is known here'],
    [
      'may only be read',
      { readOnly: true },
      'its API answers 405 to PATCH /http/upstreams/web/servers/0: method disabled',
    ],
    [
      'refuses',
      { instead: { method: 'PATCH', status: 400, body: error(400, 'upstream "web" memory exhausted') } },
      'its API answers 400 to PATCH /http/upstreams/web/servers/0: upstream "web" memory exhausted',
    ],
    [
      'is another program',
      { instead: { method: 'GET', status: 200, body: '<html>hello</html>' } },
      'its API has no version that is known here',
    ],
    ['answers nothing', { silent: 'PATCH' }, 'its API answers 502 to PATCH /http/upstreams/web/servers/0'],
    ['does not do what it says', { idle: true }, 'the servers of web are others than those of the release'],
  ] as const;

  test.each(faults)('comes by a reload where its API %s', async (_, fault, why) => {
    const { node, plus, servers, change, listed, reached } = there;
    const [, b, c] = servers;
    await change('before', [b, c], []);
    const loads = await plus.loads();
    await plus.fail(fault);
    const told = await change(
      'after',
      [`${b} drain`, c],
      [`set ${b} {"drain":true}`, `has ${b}=drain ${c}=up`],
    );
    await plus.fail({});
    expect(told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(told.first('note')).toContain(why);
    expect(told.all('note')).toHaveLength(1);
    expect(await plus.loads()).toBe(loads + 1);
    expect(await loaded()).toBe('after');
    expect(await listed()).toEqual([`${b} drain`, `${c} up`]);
    expect(await reached()).toEqual(['c']);
    expect((await node.run('observe')).first('loaded')).toBeUndefined();
  });

  test.each([
    ['the release that serves is another one', { base: 'other' }],
    ['a server is not there', { live: 'http web set 127.0.0.1:1 {"drain":true}' }],
    ['an upstream is not there', { live: 'stream web set 127.0.0.1:1 {"down":true}' }],
  ])('comes by a reload where %s', async (_, settings) => {
    const { node, plus, servers, change, release, listed } = there;
    const [, b, c] = servers;
    await change('before', [b, c], []);
    const changes = await plus.changes();
    await node.add('after', release([`${b} drain`, c]));
    const usual = {
      base: 'before',
      live: `http web set ${b} {"drain":true}\nhttp web has ${b}=drain ${c}=up`,
    };
    const told = await node.activate('after', { settings: { ...usual, ...settings } });
    expect(told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(told.all('note')).toHaveLength(1);
    expect(await plus.changes()).toEqual(changes);
    expect(await listed()).toEqual([`${b} drain`, `${c} up`]);
  });

  test('is taken back by a reload where it does not serve', async () => {
    const { node, servers, change, release, listed } = there;
    const [, b, c] = servers;
    await change('before', [b, c], []);
    await node.add('dead', { ...release([`${b} drain`, `${c} drain`]) });
    const told = await node.activate('dead', {
      settings: {
        base: 'before',
        live: `http web set ${b} {"drain":true}\nhttp web set ${c} {"drain":true}\nhttp web has ${b}=drain ${c}=drain`,
      },
    });
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(told.first('failed')).toMatch(/^probing\t/u);
    expect(await listed()).toEqual([`${b} up`, `${c} up`]);
    expect((await node.run('observe')).first('serving')).toBe('before');
    expect(await readFile(join(node.root, 'live'), 'utf8').catch(() => '')).toBe('');
    expect(await node.leftovers()).toEqual([]);
  });
});
