import { UserError } from '../lib/errors.ts';
import { pageOf } from '../lib/lint/engine/lint.ts';
import type { RuleInfo } from '../lib/lint/engine/rule.ts';
import { builtIn } from '../lib/lint/rules/built-in.ts';
import { rules } from '../lib/lint/rules/registry.ts';
import { nearest } from '../lib/nearest.ts';
import { readPage } from '../lib/source/package-files.ts';
import { renderMarkdown } from '../lib/ui/markdown.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, rules: [{id, severity, summary, fixable, since, url, aliases}]}`. */
export async function run({ args, terminal }: Invocation): Promise<Outcome> {
  const [name] = args;
  const all = [...builtIn, ...rules].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const chosen = name === undefined ? all : [named(name, all)];
  if (terminal.json) {
    terminal.printJson({
      rules: chosen.map(({ id, severity, summary, fixable = false, since, aliases }) => ({
        id,
        severity,
        summary,
        fixable,
        since,
        url: pageOf(id),
        aliases,
      })),
    });
  } else if (name === undefined) {
    const width = Math.max(...all.map(({ id }) => id.length));
    for (const { id, severity, summary } of all)
      terminal.print(`${terminal.style.bold(id.padEnd(width))}  ${severity.padEnd(7)}  ${summary}`);
  } else {
    terminal.print(renderMarkdown(pageOfRule(chosen[0]!), terminal.style, terminal.width));
  }
  return 0;
}

/** A rule by its name, by its name without the family, or by what another linter calls it. */
function named(name: string, all: readonly RuleInfo[]): RuleInfo {
  const found =
    all.find(({ id, aliases }) => id === name || aliases.includes(name)) ??
    all.find(({ id, aliases }) => [id, ...aliases].some((one) => one.split(/[/:]/u).at(-1) === name));
  if (found) return found;
  const close = nearest(
    name,
    all.flatMap(({ id }) => [id, id.split('/')[1]!]),
  );
  throw new UserError('usage', 'no-such-rule', `there is no rule ${name}`, {
    hint: close === undefined ? 'lbctl rules lists them' : `did you mean ${close}?`,
  });
}

/** The page of a rule, with what is known of it beside its text. */
function pageOfRule({ id, severity, fixable = false, aliases }: RuleInfo): string {
  const text = readPage(id) ?? `# ${id}\n`;
  const head = `# ${id}  (${severity}${fixable ? ', --fix mends some' : ''})`;
  const others = aliases.length === 0 ? '' : `\nIn other linters: ${aliases.join(', ')}\n`;
  return `${text.replace(/^# .*$/mu, head)}${others}`;
}
