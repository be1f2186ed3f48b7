import { Context } from '../../../nginx/directives/contexts.ts';
import { handlerOf, isLeft } from '../../model/requests/answers.ts';
import type { Block, Item } from '../../model/model.ts';
import type { RuleContext, Rule } from '../../engine/rule.ts';

/**
 * An `if` of a location is a location of its own: where it holds, its settings are in force, with what they inherit.
 * `try_files` is not inherited, and of several that hold only the last one counts.
 */
export const ifMisuse: Rule = {
  id: 'reliability/if-misuse',
  severity: 'warning',
  summary: 'an if in a location takes something else out of force',
  aliases: ['gixy:if_is_evil', 'nginx-lint:if-is-evil-in-location', 'nginx-linter:if-is-evil'],
  since: '0.1.0',
  check(context) {
    const seen = new Set<Block>();
    for (const { block } of context.model.named('if')) {
      if (block.context !== Context.location || seen.has(block)) continue;
      seen.add(block);
      skippedFiles(block, context);
      lostSettings(block, context);
    }
  },
};

function skippedFiles(location: Block, { report }: RuleContext): void {
  const [files] = location.own('try_files');
  if (!files) return;
  for (const item of location.own('if')) {
    if (!item.inner || isLeft(item.inner) || handlerOf(item.inner)) continue;
    report(item, 'where this if holds, try_files of the location is not looked at', {
      hint: 'use map in place of if, or answer in the if with return or rewrite … last',
      related: { message: 'try_files', item: files },
    });
  }
}

function lostSettings(location: Block, { report }: RuleContext): void {
  /** The last `if` with settings before, for two things that are asked for: one of them is another than the next. */
  let before: (Test & { readonly item: Item })[] = [];
  const equal = new Map<string, Item>();
  for (const item of location.own('if')) {
    const { inner } = item;
    if (!inner) continue;
    const test = testOf(item);
    const key = `${test.subject} ${test.value}`;
    const other =
      (test.value === undefined ? undefined : equal.get(key)) ??
      before.find((one) => one.subject !== test.subject)?.item;
    const lost = other && stays(inner) ? other.inner!.items.find((one) => isSetting(one)) : undefined;
    if (other && lost && !repeats(inner, other.inner!))
      report(
        item,
        `where this if holds as well as the one before, ${lost.directive.name} of that one is not in force`,
        {
          hint: 'use map for the values, and no if',
          related: { message: 'what is lost', item: lost },
        },
      );
    if (isLeft(inner) || inner.own('break').length > 0 || !inner.items.some(isSetting)) continue;
    before = [...before.filter((one) => one.subject !== test.subject), { ...test, item }].slice(-2);
    if (test.value !== undefined) equal.set(key, item);
  }
}

interface Test {
  /** What is asked for, such as `$request_method`. */
  readonly subject: string;
  /** What it is to be equal to. */
  readonly value: string | undefined;
}

function testOf({ directive }: Item): Test {
  const words = directive.words.slice(1).map(({ value }) => value);
  const [subject = '', operator, ...rest] = words
    .join(' ')
    .replace(/^\(\s*/u, '')
    .replace(/\s*\)$/u, '')
    .split(' ');
  return { subject: subject.toLowerCase(), value: operator === '=' ? rest.join(' ') : undefined };
}

const REWRITES = new Set(['set', 'rewrite', 'return', 'break', 'if', 'rewrite_log']);

function isSetting({ directive }: Item): boolean {
  return !REWRITES.has(directive.name);
}

/** Whether what is set before matters in a block: not for a refusal or a way elsewhere. */
function stays(inner: Block): boolean {
  const [answer] = inner.own('return');
  return answer ? /^2\d\d$/u.test(answer.directive.words[1]?.value ?? '') : !isLeft(inner);
}

/** Whether a block says again all that another one says. */
function repeats(inner: Block, other: Block): boolean {
  if (inner.items.length < other.items.length) return false;
  const own = new Set(inner.items.map(textOf));
  return other.items.every((item) => !isSetting(item) || own.has(textOf(item)));
}

function textOf({ directive }: Item): string {
  return directive.words.map(({ value }) => value).join('\n');
}
