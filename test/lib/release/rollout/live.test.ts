import { describe, expect, test } from 'vitest';
import { FRESH } from '../../../../src/lib/release/history.ts';
import { rollOut } from '../../../../src/lib/release/rollout/roll-out.ts';
import type { Target } from '../../../../src/lib/release/rollout/target.ts';
import { freePort } from '../../../support/ports.ts';
import { without } from '../../../support/tools.ts';
import { type PlusNode, startPlusNode } from '../node/plus.ts';

const about = { author: 'me@here', message: '', source: 'lb.yaml' };
const none = (): void => undefined;

/** A node that comes to release `second`, where server b is drained, by the API of NGINX Plus; `first` serves. */
async function target(
  { node, servers: [a, b], release }: PlusNode,
  name: string,
  more = {},
): Promise<Target> {
  await node.add('second', { ...release([a, `${b} drain`]), ...more });
  const changes = (drain: boolean): string[] => [
    `http web set ${b} {"drain":${drain}}`,
    `http web has ${a}=up ${b}=${drain ? 'drain' : 'up'}`,
  ];
  const { transport, ...place } = node.place;
  return {
    node: { ...place, transport: { ...transport, name } },
    state: { ...FRESH, current: 'first', serving: 'first', master: await node.master() },
    wanted: {
      id: 'second',
      files: [],
      isThere: true,
      activation: { action: 'drain', about, watch: 0, wait: 0, drained: [`web/${b}`], seen: [] },
      live: {
        there: { base: 'first', changes: changes(true) },
        back: { base: 'second', changes: changes(false) },
      },
    },
  };
}

describe.skipIf(without('nginx', 'curl'))('several nodes with NGINX Plus', () => {
  test('go back by its API where others fail', async () => {
    const [well, ill] = await Promise.all([startPlusNode(), startPlusNode()]);
    const closed = { manifest: [`listener tcp 127.0.0.1 ${await freePort()} 0 -`] };
    const targets = [await target(well, 'lb1'), await target(ill, 'lb2', closed)];
    const { verdict, nodes } = await rollOut(targets, {
      limits: { batch: 1, maxErrors: 0 },
      pause: 0,
      watcher: { brings: none, progress: none, settled: none, note: none },
      signal: new AbortController().signal,
    });
    expect([verdict, ...nodes.map(({ outcome }) => outcome)]).toEqual(['failed', 'rolled-back', 'undone']);
    const [a, b] = well.servers;
    expect(await well.listed()).toEqual([`${a} up`, `${b} up`]);
    expect(await well.plus.changes()).toEqual([
      'PATCH /api/9/http/upstreams/web/servers/1 {"drain":true}',
      'PATCH /api/9/http/upstreams/web/servers/1 {"drain":false}',
    ]);
    expect(await well.plus.loads()).toBe(1);
    expect(await well.reached()).toEqual(['a', 'b']);
    expect(await ill.listed()).toHaveLength(2);
    expect((await ill.listed()).join()).not.toContain('drain');
  });
});
