import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerFlags } from '../../../src/lib/init/flags.ts';
import { givenByFlags } from '../../../src/lib/init/given.ts';
import type { Facts, Given } from '../../../src/lib/init/question.ts';
import { pathQuestions } from '../../../src/lib/init/questions/paths.ts';
import { nextQuestion, questionsFor } from '../../../src/lib/init/questions.ts';
import { answered, back, settled, type Walk } from '../../../src/lib/init/walk.ts';
import type { Balancer } from '../../../src/lib/balancer/schema/balancer.ts';
import { providerOf } from '../../../src/lib/providers/registry.ts';
import { someAnswers } from './some-answers.ts';

const facts: Facts = {
  folder: 'Shop 2_x',
  inGit: false,
  region: 'eu-west-1',
  instances: [],
  groups: [],
  zones: [],
  balancers: [],
  vpcs: [],
  certificates: [],
  topics: [],
};
const numbers = fc.array(fc.nat({ max: 999 }), { minLength: 12, maxLength: 24 });

/** Answers as they would be typed behind a command. */
function asFlags(given: Given): Parameters<typeof givenByFlags>[0] {
  const camel = (id: string): string =>
    id.replaceAll(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase());
  const options: Record<string, string | boolean> = {};
  const lists: Record<string, string[]> = {};
  for (const { flags, repeats } of answerFlags) {
    const id = flags.slice(2).split(' ')[0]!;
    const text = given[id];
    if (text === undefined) continue;
    if (repeats) lists[camel(id)] = text.split(/[\s,]+/u);
    else if (flags.includes('<')) options[camel(id)] = text;
    else if (text === 'yes') options[camel(id)] = true;
  }
  for (let place = 1; given[`path.${place}`]; place++) {
    const [rate, servers] = [given[`path.${place}.rate`], given[`path.${place}.servers`]];
    (lists['path'] ??= []).push(`${given[`path.${place}`]}=${[rate, servers].join(',')}`);
  }
  return { options, lists };
}

describe('any answers', () => {
  test('are the same by flags', () => {
    fc.assert(
      fc.property(numbers, (turns) => {
        const given = someAnswers(turns, facts);
        const byFlags = settled(givenByFlags(asFlags(given)), facts);
        expect(byFlags.left).toEqual([]);
        const plain = (all: Given): unknown =>
          Object.fromEntries(Object.entries(all).map(([id, text]) => [id, text.split(/[\s,]+/u).join(' ')]));
        expect(plain(byFlags.given)).toEqual(plain({ ...given }));
      }),
      { numRuns: 300 },
    );
  });

  test('can be gone back on, one by one, to the first question', () => {
    fc.assert(
      fc.property(numbers, (turns) => {
        const given = someAnswers(turns, facts);
        let walk: Walk = { given: {}, drafts: {}, trail: [] };
        const asked: string[] = [];
        for (let question; (question = nextQuestion(walk.given, facts));) {
          asked.push(question.id);
          walk = answered(walk, question.id, given[question.id]!);
        }
        expect(walk.given).toEqual(given);
        for (const id of asked.toReversed()) {
          walk = back(walk);
          expect(nextQuestion(walk.given, facts)?.id).toBe(id);
          expect(walk.drafts[id]).toBe(given[id]);
        }
        expect(back(walk)).toEqual(walk);
      }),
      { numRuns: 100 },
    );
  });
});

test('every question has its flag, and every flag its question', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(numbers, (turns) => {
      const rich = {
        ...facts,
        inGit: true,
        instances: ['web-1'],
        zones: [{ id: 'Z1', name: 'example.com' }],
        balancers: ['shop'],
      };
      for (const { id } of questionsFor(someAnswers(turns, rich), rich)) seen.add(id.split('.')[0]!);
    }),
    { numRuns: 500 },
  );
  const flags = answerFlags.map((flag) => flag.flags.slice(2).split(' ')[0]!);
  expect([...seen].toSorted()).toEqual(flags.toSorted());
});

test.each([
  ['shop', 'shop'],
  ['My Shop (2)', 'my-shop-2'],
  ['2024', 'balancer'],
  ['-', 'balancer'],
  ['x', 'balancer'],
  ['1-x'.repeat(20), 'x1-x'.slice(0, 1)],
])('of the folder %j', (folder, name) => {
  const { given } = settled({ server: '10.0.0.1:80' }, { ...facts, folder });
  expect(given['name']!.startsWith(name)).toBe(true);
  expect(given['name']).toMatch(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/u);
});

test('where it can run is where this version can bring it', async () => {
  const where = nextQuestion({}, facts)!;
  expect(where.id).toBe('provider');
  const names = where.choices!({}).map(({ value }) => value);
  expect(names).toContain('local');
  for (const provider of names)
    await expect(providerOf({ provider } as Balancer)).resolves.toMatchObject({ name: provider });
});

test('one text says of a path what else is asked about it, and each part is judged', () => {
  const [path] = pathQuestions({});
  expect(path!.parts!('/api/=20r/s,10.0.0.21:9000')).toEqual({
    'path.1': '/api/',
    'path.1.rate': '20r/s',
    'path.1.servers': '10.0.0.21:9000',
  });
  expect(path!.parts!('/api/')).toEqual({ 'path.1': '/api/' });
  expect(path!.complaint('/api/=20r/s', {})).toBeUndefined();
  expect(path!.complaint('/api/=fast', {})).toContain('"fast"');
  expect(path!.complaint('api=20r/s', {})).toContain('must be a path');
  expect(path!.complaint('/api/=[::1]', {})).toBeDefined();
});
