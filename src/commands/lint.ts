import { UserError } from '../lib/errors.ts';
import { FAILED_RULE } from '../lib/lint/lint.ts';
import { readSelection, select } from '../lib/lint/selection.ts';
import { lintFiles, lintText, type LintSettings } from '../lib/source/lint-run.ts';
import { findNginxFiles } from '../lib/source/nginx-files.ts';
import { readStdin } from '../lib/source/stdin.ts';
import { contextOf, contextNames } from '../lib/nginx/directives/contexts.ts';
import { nearest } from '../lib/nearest.ts';
import type { Reporter } from '../lib/lint/reporters/registry.ts';
import { NEWEST_STABLE } from '../lib/nginx/version.ts';
import { renderFinding, renderSummary, summaryOf } from '../lib/ui/findings.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, findings: [{rule, severity, message, file, line, …}], summary: {files, errors, …}}`. */
export async function run({ args, options, terminal, cwd }: Invocation): Promise<Outcome> {
  const fromStdin = options['stdin'] === true || (args.length === 1 && args[0] === '-');
  if (args.length === 0 && !fromStdin) {
    throw new UserError('usage', 'no-files', 'lint needs files to look at', {
      hint: 'lbctl lint /etc/nginx/nginx.conf, lbctl lint conf.d, or nginx -T | lbctl lint -',
    });
  }
  if (fromStdin ? args.some((arg) => arg !== '-') : args.includes('-')) {
    throw new UserError('usage', 'stdin-or-files', 'stdin and files cannot be looked at in one run', {
      hint: 'leave out the files, or --stdin and -',
    });
  }
  const settings = settingsOf(options, cwd);
  const selection = readSelection(options);
  const reporter = typeof options['format'] === 'string' ? await reporterNamed(options['format']) : undefined;
  const {
    findings: all,
    files,
    unreadable,
  } = fromStdin
    ? { ...lintText(await readStdin(), settings), unreadable: [] }
    : lintFiles(findNginxFiles(args, cwd), settings);
  const findings = select(all, selection);
  const summary = summaryOf(files.size, findings);
  const document = {
    findings: findings.map((finding) => ({ ...finding, sourceLine: undefined, fix: undefined })),
    summary,
  };
  if (!terminal.json) {
    const text = reporter
      ? reporter(findings, [...files])
      : findings.map((finding) => renderFinding(finding, terminal.style)).join('\n');
    if (text !== '') terminal.print(text);
    if (files.size > 0) terminal.note(renderSummary(summary));
  }
  if (findings.some(({ rule }) => rule === FAILED_RULE)) {
    throw new UserError('failed', 'failed-rule', 'a rule failed; the others have spoken', {
      hint: 'this is a defect of lbctl: please report it with the configuration',
      done: document,
    });
  }
  if (unreadable.length > 0) throw cannotRead(unreadable, document);
  if (terminal.json) terminal.printJson(document);
  return summary.errors > 0 || summary.warnings > selection.maxWarnings ? 1 : 0;
}

function cannotRead(names: readonly string[], done: Readonly<Record<string, unknown>>): UserError {
  const [first] = names;
  return names.length === 1
    ? new UserError('input', 'unreadable-file', `cannot read ${first}`, { done })
    : new UserError('input', 'unreadable-file', `cannot read ${names.length} files`, {
        evidence: names,
        done,
      });
}

function settingsOf(options: Invocation['options'], cwd: string): LintSettings {
  const { target, context, plus } = options;
  return {
    target: { version: typeof target === 'string' ? versionOf(target) : NEWEST_STABLE, plus: plus === true },
    context: typeof context === 'string' ? contextNamed(context) : undefined,
    cwd,
  };
}

/** Loaded for those who ask for one. */
async function reporterNamed(name: string): Promise<Reporter> {
  const { reporters } = await import('../lib/lint/reporters/registry.ts');
  const reporter = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
  if (reporter) return reporter;
  const names = Object.keys(reporters);
  const close = nearest(name, names);
  throw new UserError('usage', 'no-such-format', `there is no format ${name}`, {
    hint: close === undefined ? `formats are ${names.join(', ')}; JSON is --json` : `did you mean ${close}?`,
  });
}

function versionOf(text: string): string {
  if (/^1\.\d+(?:\.\d+)?$/u.test(text)) return text;
  throw new UserError('usage', 'bad-version', `${text} is no version of NGINX`, {
    hint: 'such as --target 1.30',
  });
}

function contextNamed(name: string): number {
  const context = contextOf(name);
  if (context !== 0 && name !== 'any') return context;
  const close = nearest(name, contextNames());
  throw new UserError('usage', 'bad-context', `there is no context ${name}`, {
    hint: close === undefined ? `contexts are ${contextNames().join(', ')}` : `did you mean ${close}?`,
  });
}
