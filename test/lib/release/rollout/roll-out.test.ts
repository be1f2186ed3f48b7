import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseUnreachable, survey } from '../../../../src/lib/release/rollout/survey.ts';
import { localTransport } from '../../../../src/lib/release/transports/local.ts';
import type { Transport } from '../../../../src/lib/release/transports/transport.ts';
import { without } from '../../../support/tools.ts';
import { FIRST, type FleetNode, outcomes, roll, SECOND, startFleet } from './fleet.ts';

const served = (fleet: readonly FleetNode[]) => Promise.all(fleet.map((one) => one.served()));

describe.skipIf(without('nginx', 'curl'))('rollOut', { timeout: 60_000 }, () => {
  it('brings a release to all nodes, the first one alone, then so many at a time', async () => {
    const begun: string[][] = [];
    let [working, most] = [new Set<string>(), 0];
    const ended: string[] = [];
    const fleet = await startFleet(20);
    const rolled = await roll(fleet, {
      batch: 8,
      watcher: {
        progress(node) {
          if (working.size === 0) begun.push([]);
          if (!working.has(node)) begun.at(-1)!.push(node);
          working = working.add(node);
          most = Math.max(most, working.size);
        },
        settled({ node }) {
          ended.push(node);
          working.delete(node);
        },
      },
    });
    expect(rolled.verdict).toBe('done');
    expect(outcomes(rolled)).toEqual(Array(20).fill('kept'));
    expect(await served(fleet)).toEqual(Array(20).fill(SECOND));
    expect(begun[0]).toEqual(['lb1']);
    expect(ended[0]).toBe('lb1');
    expect(most).toBe(8);
    const again = await roll(fleet);
    expect(outcomes(again)).toEqual(Array(20).fill('current'));
    expect(await fleet[0]!.history()).toEqual([`deploy ${SECOND} kept`]);
  });

  it('leaves the others alone where the first one fails', async () => {
    const fleet = await startFleet(3);
    const rolled = await roll(fleet, { batch: 2, health: () => 'ill' });
    expect(rolled.verdict).toBe('failed');
    expect(outcomes(rolled)).toEqual(['undone', 'not-begun', 'not-begun']);
    expect(rolled.nodes[0]!.error!.evidence.join('\n')).toContain('answers 500, not 200');
    expect(await served(fleet)).toEqual([FIRST, FIRST, FIRST]);
    expect(await fleet[1]!.history()).toEqual([]);
  });

  it('takes all back when one of them fails', async () => {
    const fleet = await startFleet(5);
    const notes: string[] = [];
    const rolled = await roll(fleet, {
      health: (index) => (index === 2 ? 'ill' : 'well'),
      watcher: { note: ({ text }) => notes.push(text) },
    });
    expect(rolled.verdict).toBe('failed');
    expect(outcomes(rolled)).toEqual(['rolled-back', 'rolled-back', 'undone', 'not-begun', 'not-begun']);
    for (const node of rolled.nodes) expect(node).toMatchObject({ before: FIRST, after: FIRST });
    expect(await served(fleet)).toEqual(Array(5).fill(FIRST));
    expect(await fleet[0]!.history()).toEqual([`deploy ${SECOND} kept`, `rollback ${FIRST} kept`]);
    expect(await fleet[2]!.history()).toEqual([`deploy ${SECOND} undone`]);
    expect(notes).toEqual(['1 of 5 nodes failed: 2 go back to what served before']);
  });

  it('takes nodes back to what was there before lbctl came', async () => {
    const fleet = await startFleet(3, undefined, true);
    const rolled = await roll(fleet, { health: (index) => (index === 2 ? 'ill' : 'well') });
    expect(outcomes(rolled)).toEqual(['rolled-back', 'rolled-back', 'undone']);
    for (const node of rolled.nodes) expect(node).toMatchObject({ before: null, after: null });
    expect(await served(fleet)).toEqual(['before', 'before', 'before']);
    expect(await fleet[0]!.history()).toEqual([`deploy ${SECOND} kept`, `rollback ${SECOND} undone`]);
    expect(outcomes(await roll(fleet))).toEqual(['kept', 'kept', 'kept']);
  });

  it('bears as many failures as it may, and tells of each', async () => {
    const fleet = await startFleet(4);
    const rolled = await roll(fleet, {
      batch: 2,
      maxErrors: 1,
      health: (index) => (index === 1 ? 'wrong' : 'well'),
    });
    expect(rolled.verdict).toBe('done');
    expect(outcomes(rolled)).toEqual(['kept', 'refused', 'kept', 'kept']);
    expect(rolled.nodes[1]!.error!.evidence.join('\n')).toContain('no_such_directive');
    expect(await served(fleet)).toEqual([SECOND, FIRST, SECOND, SECOND]);
  });

  it('says which nodes could not go back, and what they serve', async () => {
    const fleet = await startFleet(2);
    const rolled = await roll(fleet, {
      health: (index) => (index === 1 ? 'ill' : 'well'),
      watcher: {
        // what served before goes from the node meanwhile
        settled: ({ node }) => void (node === 'lb1' && removed.push(remove(fleet[0]!))),
      },
    });
    await Promise.all(removed);
    expect(outcomes(rolled)).toEqual(['not-rolled-back', 'undone']);
    expect(rolled.nodes[0]).toMatchObject({ before: FIRST, after: SECOND });
    expect(rolled.nodes[0]!.error!.message).toContain(`lb1 still serves ${SECOND}`);
    expect(rolled.nodes[0]!.error!.hint).toContain(`lbctl rollback ${FIRST}`);
    expect(await served(fleet)).toEqual([SECOND, FIRST]);
  });
  const removed: Promise<void>[] = [];
  const remove = ({ node }: FleetNode) => rm(join(node.root, `releases/${FIRST}/manifest`), { force: true });

  it('asks what became of a node whose work ended with its connection', async () => {
    // the program goes on there, and what comes from it is lost
    const cut: Transport = {
      ...localTransport(),
      name: 'lb1',
      async run(words, options) {
        const ran = await localTransport().run(words, options);
        return words.includes('activate') ? { ...ran, code: null, stdout: '' } : ran;
      },
    };
    const [well] = await startFleet(1, () => cut);
    expect(outcomes(await roll([well!]))).toEqual(['kept']);
    const [ill] = await startFleet(1, () => cut);
    expect(outcomes(await roll([ill!], { health: () => 'ill' }))).toEqual(['undone']);
  });

  it('begins no node after it is interrupted, also out of a pause, and goes on with the next run', async () => {
    const fleet = await startFleet(4);
    const stop = new AbortController();
    const rolled = await roll(fleet, {
      pause: 3600,
      signal: stop.signal,
      watcher: { note: ({ text }) => void (text === 'pause of 3600 s' && stop.abort()) },
    });
    expect(rolled.verdict).toBe('interrupted');
    expect(outcomes(rolled)).toEqual(['kept', 'not-begun', 'not-begun', 'not-begun']);
    const working = new AbortController();
    const more = await roll(fleet, {
      signal: working.signal,
      watcher: { progress: (node) => void (node === 'lb3' && working.abort()) },
    });
    expect(more.verdict).toBe('interrupted');
    expect(outcomes(more)).toEqual(['current', 'kept', 'kept', 'not-begun']);
    expect(outcomes(await roll(fleet, { batch: 2 }))).toEqual(['current', 'current', 'current', 'kept']);
  });

  it('takes back what it has begun to take back, whoever interrupts', async () => {
    const fleet = await startFleet(3);
    const stop = new AbortController();
    const rolled = await roll(fleet, {
      health: (index) => (index === 2 ? 'ill' : 'well'),
      signal: stop.signal,
      watcher: { note: () => stop.abort() },
    });
    expect(outcomes(rolled)).toEqual(['rolled-back', 'rolled-back', 'undone']);
    expect(await served(fleet)).toEqual([FIRST, FIRST, FIRST]);
  });
});

describe.skipIf(without('nginx', 'curl'))('a survey', () => {
  it('finds nodes that cannot take part before anything is changed', async () => {
    const fleet = await startFleet(3);
    await fleet[1]!.kill();
    await writeFile(join(fleet[2]!.node.root, '../file'), '');
    const broken = {
      ...fleet[2]!,
      node: { ...fleet[2]!.node, root: join(fleet[2]!.node.root, '../file/none') },
    };
    const nodes = [fleet[0]!, fleet[1]!, broken];
    const rolled = await roll(nodes, { maxErrors: 1 });
    expect(rolled.verdict).toBe('failed');
    expect(outcomes(rolled)).toEqual(['not-begun', 'refused', 'refused']);
    const surveyed = await survey(nodes.map(({ node }) => node));
    expect(() => refuseUnreachable(surveyed, 0)).toThrow(
      '1 of 3 nodes cannot take part; nothing was changed',
    );
    expect(() => refuseUnreachable(surveyed, 1)).not.toThrow();
  });
});
