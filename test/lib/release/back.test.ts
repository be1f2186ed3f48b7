import { expect, test } from 'vitest';
import { nodeBy } from '../../../src/lib/providers/ec2/nodes.ts';
import { backOfAll, backOfEach } from '../../../src/lib/release/back.ts';
import { FRESH } from '../../../src/lib/release/history.ts';
import type { Surveyed } from '../../../src/lib/release/rollout/survey.ts';

/** A node by what was kept there, such as `a1 b5`: release `a` at 1, and `b` at 5. */
function node(kept: string, name = 'n'): Surveyed {
  const words = kept.split(' ').filter(Boolean);
  const releases = words.map((word) => word[0]!);
  const state = {
    ...FRESH,
    current: releases.at(-1) ?? null,
    releases: [...new Set(releases)],
    history: words.map((word, index) => ({
      time: new Date(Number(word.slice(1)) * 1000),
      who: 'ops@here',
      action: 'deploy',
      release: word[0]!,
      before: releases[index - 1] ?? null,
      outcome: 'kept',
      about: {},
    })),
  };
  const transport = { name, run: () => Promise.reject(new Error()), close: async () => undefined };
  return { node: nodeBy(transport), state };
}

test.each([
  ['all alike', ['a1 b2', 'a1 b2'], 'a', false],
  ['one has come with it', ['a1 b2', 'b9'], 'a', true],
  ['one did not take it', ['a1 b2', 'b2 c3'], 'b', true],
  ['a deploy was cut short', ['b2 c3', 'a1 b2', 'a1 b2'], 'b', true],
  ['most decide', ['a1 b2 d4', 'b2 c3 d4', 'b2 c3 d4'], 'c', true],
  ['it was gone back before', ['a1 b2 a3', 'a9'], 'b', true],
])('a fleet goes back together: %s', (_, nodes, id, isTold) => {
  const { ids, remark } = backOfAll(nodes.map((kept) => node(kept)));
  expect([...new Set(ids), remark !== undefined]).toEqual([id, isTold]);
});

test('a fleet whose nodes have all come since is told what to do', () => {
  expect(() => backOfAll([node('b1'), node('b2')])).toThrow('no node has served another release');
});

test('machines go back each to its own, and are told apart', () => {
  expect(backOfEach([node('a1 b2'), node('b2 c3')])).toEqual({
    ids: ['a', 'b'],
    remark: 'nodes go to different releases; name one to have all serve it',
  });
  expect(() => backOfEach([node('a1 b2'), node('b2', 'lb2')])).toThrow(
    'lb2: there is no release to go back to',
  );
  expect(() => backOfEach([node('b2', 'lb2')])).toThrow('there is no release to go back to');
});
