import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Limits, type Move, nextMove, type Stage } from '../../../../src/lib/release/rollout/decide.ts';

const one: Limits = { batch: 1, maxErrors: 0 };

/** Nodes by letters, so that a state of all can be read. */
const LETTERS: Readonly<Record<string, Stage>> = {
  '.': 'not-begun',
  b: 'brought',
  k: 'kept',
  c: 'current',
  u: 'undone',
  r: 'refused',
  s: 'stuck',
  l: 'lost',
  x: 'unreachable',
  R: 'rolled-back',
  N: 'not-rolled-back',
  g: 'left',
};

const stagesOf = (text: string): Stage[] => [...text].map((letter) => LETTERS[letter]!);

function move(text: string, limits: Partial<Limits> = {}, interrupted = false): string {
  const found = nextMove(stagesOf(text), { ...one, ...limits }, interrupted);
  return found.kind === 'end' ? found.verdict : `${found.kind} ${found.nodes.join(' ')}`;
}

describe('nextMove', () => {
  it.each([
    ['.....', {}, 'push 0'],
    ['b....', { batch: 3 }, 'activate 0'],
    ['k....', { batch: 3 }, 'push 1 2 3'],
    ['kbbb.', { batch: 3 }, 'activate 1 2 3'],
    ['kkkk.', { batch: 3 }, 'push 4'],
    ['kkkkk', { batch: 3 }, 'done'],
    ['cc.c.', { batch: 3 }, 'push 2'],
    ['ccc', {}, 'done'],
    ['', {}, 'done'],
  ])('%s with %j: %s', (stages, limits, expected) => {
    expect(move(stages, limits)).toBe(expected);
  });

  it.each([
    ['u....', {}, 'failed'],
    ['kku..', {}, 'take-back 0 1'],
    ['RRu..', {}, 'failed'],
    ['RNu..', {}, 'failed'],
    ['kku..', { maxErrors: 1 }, 'push 3'],
    ['kkuu.', { maxErrors: 1 }, 'take-back 0 1'],
    ['kkukx', { maxErrors: 2 }, 'done'],
    // what could not be brought there ends the batch before it serves anywhere
    ['kbrb.', { batch: 3 }, 'take-back 0'],
    ['kbrb.', { batch: 3, maxErrors: 1 }, 'activate 1 3'],
    // as long as none has kept it, one is tried at a time
    ['u....', { batch: 3, maxErrors: 2 }, 'push 1'],
    ['x....', { batch: 3, maxErrors: 2 }, 'push 1'],
    ['u', { maxErrors: 1 }, 'failed'],
    ['cu', { maxErrors: 1 }, 'done'],
    // those that went away are no failures, and prove nothing
    ['g....', { batch: 3 }, 'push 1'],
    ['kgg..', {}, 'push 3'],
    ['kgk', {}, 'done'],
    ['gg', {}, 'failed'],
    ['kgu..', {}, 'take-back 0'],
    ['Rgu..', {}, 'failed'],
    ['gu...', {}, 'failed'],
  ])('%s with %j: %s', (stages, limits, expected) => {
    expect(move(stages, limits)).toBe(expected);
  });

  it.each([
    ['.....', 'interrupted'],
    ['kb...', 'interrupted'],
    ['kk...', 'interrupted'],
    ['kku..', 'interrupted'],
    ['RRu..', 'failed'],
    ['u....', 'failed'],
  ])('%s after Ctrl-C: %s', (stages, expected) => {
    expect(move(stages, {}, true)).toBe(expected);
  });

  /** A whole roll-out where nodes end as they are told to. */
  function play(ends: readonly Stage[], limits: Limits, interruptAt: number) {
    const stages: Stage[] = ends.map(() => 'not-begun');
    const moves: Move[] = [];
    for (let turn = 0; turn < 1000; turn++) {
      const next = nextMove(stages, limits, turn >= interruptAt);
      moves.push(next);
      if (next.kind === 'end') return { stages, moves, verdict: next.verdict };
      for (const node of next.nodes) {
        if (next.kind === 'push') stages[node] = ends[node] === 'unreachable' ? 'unreachable' : 'brought';
        else if (next.kind === 'activate') stages[node] = ends[node]!;
        else stages[node] = node % 7 === 6 ? 'not-rolled-back' : 'rolled-back';
      }
    }
    throw new Error('it does not end');
  }

  const roads = fc.record({
    ends: fc.array(
      fc.constantFrom<Stage>('kept', 'kept', 'kept', 'undone', 'refused', 'stuck', 'lost', 'unreachable'),
      {
        maxLength: 40,
      },
    ),
    limits: fc.record({ batch: fc.integer({ min: 1, max: 12 }), maxErrors: fc.integer({ min: 0, max: 5 }) }),
    interruptAt: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 20 })),
  });

  it('always ends, changes no more nodes at a time than it may, and the first one alone', () => {
    fc.assert(
      fc.property(roads, ({ ends, limits, interruptAt }) => {
        const { moves } = play(ends, limits, interruptAt);
        const activated = moves.filter(({ kind }) => kind === 'activate') as { nodes: readonly number[] }[];
        for (const { nodes } of activated) expect(nodes.length).toBeLessThanOrEqual(limits.batch);
        if (activated[0]) expect(activated[0].nodes).toHaveLength(1);
        const all = activated.flatMap(({ nodes }) => nodes);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it('leaves all on one release: everywhere but where it failed, or nowhere', () => {
    fc.assert(
      fc.property(roads, ({ ends, limits }) => {
        const { stages, verdict } = play(ends, limits, Infinity);
        const failed = ends.filter((end) => end !== 'kept').length;
        if (verdict === 'done') {
          expect(stages).toEqual(ends);
          expect(failed).toBeLessThanOrEqual(limits.maxErrors);
        } else {
          expect(stages).not.toContain('kept');
        }
      }),
    );
  });

  it('begins nothing once it is interrupted, and what failed is no more than a batch beyond what may', () => {
    fc.assert(
      fc.property(roads, ({ ends, limits, interruptAt }) => {
        const { moves, stages } = play(ends, limits, interruptAt);
        expect(moves.slice(interruptAt).filter(({ kind }) => kind !== 'end')).toEqual([]);
        const failed = stages.filter((stage) =>
          ['undone', 'refused', 'stuck', 'lost', 'unreachable'].includes(stage),
        );
        expect(failed.length).toBeLessThanOrEqual(limits.maxErrors + limits.batch);
      }),
    );
  });
});
