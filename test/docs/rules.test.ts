import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtIn } from '../../src/lib/lint/rules/built-in.ts';
import { rules as registered } from '../../src/lib/lint/rules/registry.ts';
import { readDump } from '../../src/lib/nginx/include/dump.ts';
import { excused } from '../differential/excuses.ts';
import { lintBalancer } from '../../src/lib/source/linting/balancer.ts';
import { lintFixture } from '../support/lint-fixture.ts';
import { type Block, blocksOf } from '../support/markdown.ts';
import { without } from '../support/tools.ts';
import { createMachine, equip, suitsInstalled, verdictOn } from '../support/verdict.ts';

const root = new URL('../../', import.meta.url).pathname;

const rules = [...builtIn, ...registered].map(({ id }) => id).toSorted();

/** Whatever looks like a rule of one of these families is one. */
const RULE = /'((?:syntax|reliability|security|performance|tls|cve|upgrade|style)\/[a-z0-9-]+)'/gu;

const pages = namesBelow('docs/rules', '.md').filter((name) => name !== 'README.md');

interface Example extends Block {
  readonly rule: string;
  readonly kind: 'bad' | 'good';
  /** Rule, kind and line of its page: names of tests, and of exceptions without the line. */
  readonly name: string;
  /** The NGINX that it is for, where that matters. */
  readonly release: string | undefined;
}

const examples: Example[] = pages.flatMap((page) => {
  const rule = page.replace(/\.md$/u, '');
  return blocksOf(readFileSync(join(root, 'docs/rules', page), 'utf8'))
    .filter(({ language, info }) => language === 'nginx' || info.has('bad') || info.has('good'))
    .map((block) => {
      const kind = block.info.has('bad') ? ('bad' as const) : ('good' as const);
      const fill = Number(block.info.get('fill') ?? 1);
      return {
        ...block,
        text: block.text.replaceAll('…', 'x'.repeat(fill)),
        rule,
        kind,
        name: `${rule}, ${kind} on line ${block.line}`,
        release: block.info.get('target'),
      };
    });
});
const examplesOf = (rule: string, kind: Example['kind']) =>
  examples.filter((example) => example.rule === rule && example.kind === kind);

function named(list: readonly Example[], wanted: Example['kind']): [string, Example][] {
  return list.filter(({ kind }) => kind === wanted).map((example) => [example.name, example]);
}

test('there is one page a rule, and one rule a page', () => {
  expect(pages.map((page) => page.replace(/\.md$/u, '')).toSorted()).toEqual(rules);
});

test('every name of a rule in the code is that of a rule', () => {
  const sources = namesBelow('src/lib', '.ts').map((name) => readFileSync(join(root, 'src/lib', name), 'utf8'));
  const named = sources.flatMap((text) => [...text.matchAll(RULE)].map(([, rule]) => rule!));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((rule) => !rules.includes(rule))).toEqual([]);
});

test.each(rules)('the page of %s is titled, listed, and shows the wrong and the right', (rule) => {
  expect(readFileSync(join(root, `docs/rules/${rule}.md`), 'utf8').split('\n')[0]).toBe(`# ${rule}`);
  expect(readFileSync(join(root, 'docs/rules/README.md'), 'utf8')).toContain(`[${rule}](${rule}.md)`);
  expect(examplesOf(rule, 'bad').length).toBeGreaterThan(0);
  expect(examplesOf(rule, 'good').length).toBeGreaterThan(0);
});

let machine: string;
beforeAll(async () => {
  machine = await createMachine();
});

describe('lint finds', () => {
  test.each(named(examples, 'bad'))('what is %s', (_, example) => {
    expect(rulesIn(example)).toContain(example.rule);
  });

  test.each(named(examples, 'good'))('nothing in what is %s', (_, example) => {
    expect(rulesIn(example).filter((rule) => rule === example.rule || rule.startsWith('syntax/'))).toEqual(
      [],
    );
  });
});

function rulesIn({ language, text, info }: Example): string[] {
  if (language === 'yaml') return lintBalancer(text, 'lb.yaml', { target: undefined }).map(({ rule }) => rule);
  return lintFixture(text, info, join(machine, 'etc/nginx')).map(({ rule }) => rule);
}

/** Wrong examples of the syntax rules that NGINX does not refuse for what stands in them, each with its reason. */
const NOT_REFUSED: Readonly<Record<string, string>> = {
  'syntax/include-cycle': 'NGINX runs out of files or of memory, and says what the limits of the machine let it say',
};

describe.skipIf(without('nginx', 'openssl', 'stream'))('NGINX itself', () => {
  const whole = examples
    .filter(isWhole)
    .filter(({ text, release }) => suitsInstalled(text, release));

  beforeAll(() => equip(machine));

  test.each(named(whole, 'good'))('accepts what is %s', async (_, example) => {
    expect(await verdictOn(example.text, machine)).toBeUndefined();
  });

  // the other rules are about what NGINX takes, and what goes wrong later
  const isRefused = ({ rule }: Example): boolean => rule.startsWith('syntax/');
  test.each(named(whole, 'bad').filter(([, example]) => !isRefused(example)))(
    'accepts what is %s',
    async (_, example) => {
      const verdict = await verdictOn(example.text, machine);
      expect(verdict === undefined || excused(verdict, [], example.text) || verdict).toBe(true);
    },
  );

  const refused = whole.filter((example) => isRefused(example) && !Object.hasOwn(NOT_REFUSED, example.rule));
  test.each(named(refused, 'bad'))(
    'refuses what is %s',
    async (_, example) => {
      const verdict = await verdictOn(example.text, machine);
      expect(verdict).toBeDefined();
      // for what stands in the text, and not because the machine lacks something
      expect({ verdict, excused: excused(verdict, [], example.text) }).toMatchObject({ excused: false });
    },
  );
});

function isWhole({ language, text }: Example): boolean {
  if (language !== 'nginx') return false;
  return readDump(text) !== undefined || /^(?:http|events|stream|mail)\s*\{/mu.test(text);
}

function namesBelow(folder: string, end: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(end),
  );
}
