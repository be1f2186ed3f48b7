import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../../../../src/lib/errors.ts';
import type { Rule } from '../../../../src/lib/lint/engine/rule.ts';
import { lintRcOf } from '../../../../src/lib/source/linting/lbctlrc.ts';

const rule: Rule = {
  id: 'performance/many-workers',
  severity: 'info',
  summary: 'more workers than make sense',
  aliases: [],
  since: '0.1.0',
  options: {
    most: { default: 64, summary: 'workers' },
    share: { default: 0.5, summary: 'part of the cores' },
    names: { default: ['a'], summary: 'machines' },
  },
  check: () => undefined,
};

const read = (text: string) => lintRcOf(`rules:\n  performance/many-workers: ${text}\n`, 'rc', '/', [rule]);
const faults = (text: string): string[] => {
  try {
    read(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as InvalidInput).problems.map(({ message, span }) => `${span?.column}: ${message}`);
  }
  return [];
};

describe('options of a rule', () => {
  test('are read by their kind, with a severity or without', () => {
    expect(read('{ severity: error, most: 8, share: 0.25, names: [x, y] }')).toMatchObject({
      severities: { 'performance/many-workers': 'error' },
      options: { 'performance/many-workers': { most: 8, share: 0.25, names: ['x', 'y'] } },
    });
    expect(read('{ most: 8 }')).toMatchObject({
      severities: {},
      options: { 'performance/many-workers': { most: 8 } },
    });
    expect(read('off')).toMatchObject({ severities: { 'performance/many-workers': 'off' }, options: {} });
  });

  test.each([
    ['{ most: many }', '37: rules.performance/many-workers.most must be a whole number, not "many"'],
    ['{ most: 1.5 }', '37: 1.5 must be a whole number, or 0'],
    ['{ share: -1 }', '38: -1 must not be less than 0'],
    ['{ names: x }', '38: rules.performance/many-workers.names must be a list, not "x"'],
    ['{ names: [1] }', '39: rules.performance/many-workers.names.0 must be text, not the number 1'],
    ['{ mots: 1 }', '31: unknown key "mots" in rules.performance/many-workers'],
  ])('%s is refused', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });
});
