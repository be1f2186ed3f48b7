import { describe, expect, test } from 'vitest';
import { FAILED_RULE, lint, type LintOptions } from '../../../../src/lib/lint/engine/lint.ts';
import type { Rule } from '../../../../src/lib/lint/engine/rule.ts';
import { rules } from '../../../../src/lib/lint/rules/registry.ts';
import { stopwatch } from '../../../../src/lib/lint/engine/timing.ts';
import { Context } from '../../../../src/lib/nginx/directives/contexts.ts';
import { loadConfiguration } from '../../../../src/lib/nginx/include/load.ts';

const TEXT = 'server {\n    server_tokens on;\n    gzip maybe;\n    ssl_protocols TLSv1;\n}\n';

const lintWith = (options: Partial<LintOptions>, text = TEXT) =>
  lint(loadConfiguration('/a.conf', { read: () => text, list: () => [] }, { part: true }), {
    target: { version: '1.30', plus: false },
    context: Context.http,
    ...options,
  });

const rule = (id: string, check: Rule['check'], more: Partial<Rule> = {}): Rule => ({
  id,
  severity: 'warning',
  summary: 'a rule of this test',
  aliases: [],
  since: '0.1.0',
  check,
  ...more,
});

describe('a rule that fails', () => {
  const thrown = [new Error('out of luck'), new RangeError('out of stack'), 'a text', undefined];

  test.each(thrown)('with %s is told, and the others speak', (cause) => {
    const broken = rule('security/broken', ({ model, report }) => {
      for (const item of model.named('gzip')) report(item, 'lost with the rule');
      throw cause;
    });
    const found = lintWith({ rules: [rules[0]!, broken, ...rules.slice(1)] });
    expect(found.filter((one) => one.rule === FAILED_RULE)).toMatchObject([
      {
        severity: 'error',
        message: `the rule security/broken failed: ${cause instanceof Error ? cause.message : String(cause)}`,
        file: '/a.conf',
        line: 1,
      },
    ]);
    expect(found.filter((one) => one.rule !== FAILED_RULE)).toEqual(lintWith({}));
  });

  test('cannot be left alone or turned off by another name', () => {
    const broken = rule('security/broken', () => {
      throw new Error('out of luck');
    });
    const text = `# lbctl-ignore-file lint/failed-rule, failed-rule -- why\n${TEXT}`;
    const found = lintWith({ rules: [broken] }, text);
    expect(found.map((one) => one.rule)).toContain(FAILED_RULE);
    expect(
      lintWith({ rules: [broken], severities: { 'security/broken': 'off' } }).map((one) => one.rule),
    ).toEqual(['syntax/value']);
  });
});

describe('a rule', () => {
  test('is told what stands in front, and its options', () => {
    const heard: unknown[] = [];
    const curious = rule(
      'security/curious',
      ({ behind, number, list }) => void heard.push(behind, number('most'), list('names')),
      { options: { most: { default: 4, summary: 'x' }, names: { default: ['a'], summary: 'x' } } },
    );
    lintWith({ rules: [curious] });
    lintWith({
      rules: [curious],
      behind: 'alb',
      options: { 'security/curious': { most: 7, names: ['b', 'c'] } },
    });
    expect(heard).toEqual([undefined, 4, ['a'], 'alb', 7, ['b', 'c']]);
  });

  test('has the severity that it says, or the one that is set', () => {
    const loud = rule('security/loud', ({ model, report }) => {
      for (const item of model.named('gzip')) report(item, 'here');
    });
    const level = (severities: LintOptions['severities']) =>
      lintWith({ rules: [loud], severities }).find((one) => one.rule === loud.id)?.severity;
    expect(level({})).toBe('warning');
    expect(level({ 'security/loud': 'info' })).toBe('info');
    expect(level({ 'security/loud': 'off' })).toBeUndefined();
  });
});

test('a message is one line, also where it names a word that goes over several', () => {
  const [found] = lintWith({}, 'server { server_name a.test \\\n b.test; }');
  expect(found!.message).toMatch(/^no request asks for \\ : /u);
});

test('an allow that has swallowed the deny behind it does not count as one without', () => {
  const text = 'location /a { allow 192.0.2.0/24\n deny all; }';
  expect(lintWith({ context: Context.server }, text).map((one) => one.rule)).toEqual([
    'syntax/missing-semicolon',
  ]);
});

test('time is counted once, where it is spent', () => {
  const { timed, times } = stopwatch();
  const begun = performance.now();
  const wait = (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  timed('outer', () => {
    wait(20);
    timed('inner', () => wait(40));
    const fail = () => {
      wait(10);
      throw new SyntaxError('here');
    };
    expect(() => timed('failed', fail)).toThrow(SyntaxError);
  });
  const [outer = 0, inner = 0, failed = 0] = ['outer', 'inner', 'failed'].map((what) => times.get(what));
  expect(outer).toBeGreaterThanOrEqual(19);
  // what the inner ones took is not in it, whatever the machine does meanwhile
  expect(outer + inner + failed).toBeLessThanOrEqual(performance.now() - begun + 1);
  expect(failed).toBeGreaterThanOrEqual(9);
});
