import { UserError } from '../lib/errors.ts';
import { FAILED_RULE } from '../lib/lint/lint.ts';
import { select } from '../lib/lint/selection.ts';
import { narrowed } from '../lib/source/lint-narrow.ts';
import {
  lintFiles,
  lintSteps,
  lintText,
  type LintResult,
  type LintSettings,
} from '../lib/source/lint-run.ts';
import { readLintSettings } from '../lib/source/lint-settings.ts';
import { findNginxFiles, type NginxFile } from '../lib/source/nginx-files.ts';
import { readStdin } from '../lib/source/stdin.ts';
import { nearest } from '../lib/nearest.ts';
import type { Reporter } from '../lib/lint/reporters/registry.ts';
import { renderFinding, renderSummary, summaryOf } from '../lib/ui/findings.ts';
import { whileShown } from '../lib/ui/long-run.ts';
import type { Terminal } from '../lib/ui/terminal.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, findings: [{rule, severity, message, file, line, …}], summary: {files, errors, …}}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { options, terminal, cwd } = invocation;
  const request = await readLintSettings(invocation);
  const { selection, operands, fromStdin } = request;
  const reporter = typeof options['format'] === 'string' ? await reporterNamed(options['format']) : undefined;
  const watch = options['timing'] === true ? (await import('../lib/lint/timing.ts')).stopwatch() : undefined;
  const settings = watch ? { ...request.settings, timed: watch.timed } : request.settings;
  const list = fromStdin ? [] : findNginxFiles(operands, cwd);
  const result = fromStdin ? lintText(await readStdin(), settings) : await look(list, settings, terminal);
  const { files, unreadable, ignored } = result;
  const { wanted, known, gone } = await narrowed(result, request, list);
  const findings = select(wanted, selection);
  const summary = {
    ...summaryOf(files.size, findings),
    ...(known ? { known: select(known, selection).length } : {}),
    ...(ignored > 0 ? { ignored } : {}),
  };
  const document = {
    findings: findings.map((finding) => ({ ...finding, sourceLine: undefined, fix: undefined })),
    summary,
    ...(gone ? { gone } : {}),
    ...(watch
      ? {
          timing: Object.fromEntries([...watch.times].map(([what, time]) => [what, Number(time.toFixed(3))])),
        }
      : {}),
  };
  if (!terminal.json) {
    const text = reporter
      ? reporter(findings, [...files])
      : findings.map((finding) => renderFinding(finding, terminal.style)).join('\n');
    if (text !== '') terminal.print(text);
    if (files.size > 0 || ignored > 0) terminal.note(renderSummary(summary));
    if (gone && gone.length > 0)
      terminal.note((await import('../lib/ui/baseline.ts')).renderGone(gone, request.baseline!.name));
    if (watch) terminal.note((await import('../lib/ui/timing.ts')).renderTimes(watch.times));
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

/** What takes long is shown on a terminal. */
function look(
  list: readonly NginxFile[],
  settings: LintSettings,
  terminal: Terminal,
): Promise<LintResult> | LintResult {
  return terminal.live ? whileShown(lintSteps(list, settings)) : lintFiles(list, settings);
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
