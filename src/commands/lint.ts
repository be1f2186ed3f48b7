import { UserError } from '../lib/errors.ts';
import type { Finding } from '../lib/lint/engine/finding.ts';
import { isUnreadable } from '../lib/lint/engine/ignores.ts';
import { FAILED_RULE } from '../lib/lint/engine/lint.ts';
import { reporterNamed } from '../lib/lint/reporters/named.ts';
import { summaryOfRule } from '../lib/lint/rules/needed.ts';
import type { FixMode } from '../lib/source/linting/fix-mode.ts';
import type { FixPlan, FixReport, FixRun } from '../lib/source/linting/fix-run.ts';
import { type LintInput, lookAt, type Looked } from '../lib/source/linting/look.ts';
import { type LintResult, stdinPath } from '../lib/source/linting/run.ts';
import { readLintSettings } from '../lib/source/linting/settings.ts';
import { findNginxFiles, isBalancer } from '../lib/source/nginx-files.ts';
import { encode } from '../lib/source/nginx-text.ts';
import { readPage } from '../lib/source/package-files.ts';
import { readStdin } from '../lib/source/stdin.ts';
import {
  renderBroken,
  renderCounts,
  renderFindings,
  renderFixable,
  renderFixes,
  renderSummary,
  type Summary,
  summaryOf,
} from '../lib/ui/findings.ts';
import { whileShown } from '../lib/ui/long-run.ts';
import type { Invocation, Outcome } from './command.ts';

export { rehearse } from './lint/rehearsal.ts';

/**
 * `--json`: `{schemaVersion, findings: [{rule, severity, message, file, line, …}], summary: {files, errors, …}}`, and
 * with `--fix` or `--fix-dry-run` `fixes: {count, files: [{file, count, …}], leftOut: [{rule, file, line}]}`.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { options, terminal, cwd } = invocation;
  const request = await readLintSettings(invocation);
  const { selection, operands, fromStdin, pipe, fix: mode } = request;
  const reporter = typeof options['format'] === 'string' ? await reporterNamed(options['format']) : undefined;
  const watch =
    options['timing'] === true ? (await import('../lib/lint/engine/timing.ts')).stopwatch() : undefined;
  const settings = watch ? { ...request.settings, timed: watch.timed } : request.settings;
  const stdin = fromStdin ? { path: stdinPath(cwd), bytes: somethingIn(await readStdin(pipe)) } : undefined;
  const input: LintInput = { stdin, list: stdin ? [] : findNginxFiles(operands, cwd, { balancers: true }) };
  // what takes long is shown on a terminal
  const walk = terminal.live ? (steps: Generator<string, LintResult>) => whileShown(steps, terminal) : atOnce;
  const look = (texts: ReadonlyMap<string, string> = new Map()): Promise<Looked> =>
    lookAt(input, request, settings, { walk, texts });
  const paths = input.list.filter((file) => !isBalancer(file)).map(({ path }) => path);
  const mended = mode && (await mend({ look, mode, stdin, paths }));
  const {
    told: findings,
    files,
    unreadable,
    known,
    gone,
    written,
    ignored,
  } = mended ? mended.seen : await look();
  const summary = {
    ...summaryOf(files.size, findings),
    ...(known ? { known: known.length } : {}),
    ...(ignored > 0 ? { ignored } : {}),
  };
  const document = {
    findings: findings.map((finding) => ({ ...finding, sourceLine: undefined, fix: undefined })),
    summary,
    ...(gone ? { gone } : {}),
    ...(mended ? { fixes: mended.report } : {}),
    ...(watch ? { timing: rounded(watch.times) } : {}),
  };
  const failure = failureOf(findings, unreadable, mended?.failures ?? [], document);
  const outcome = summary.errors > 0 || summary.warnings > selection.maxWarnings ? 1 : 0;
  if (!terminal.json) {
    const exitCode = failure ? (failure.kind === 'failed' ? 3 : 2) : outcome;
    const text = reporter
      ? reporter({ findings, files: [...files], unreadable, cwd, exitCode, page: readPage })
      : renderFindings(findings, { style: terminal.style, width: terminal.width, summaryOf: summaryOfRule });
    const print = stdin && mended ? terminal.note : reporter ? terminal.printDocument : terminal.print;
    for (const part of mended?.output ?? []) terminal.write(encode(part));
    if (text !== '' && mode !== 'dry') print(text);
    for (const line of closing(findings, summary, mode, mended?.report)) terminal.note(line);
    if (written !== undefined)
      terminal.note(`wrote ${request.baseline!.name}: ${written} ${written === 1 ? 'finding' : 'findings'}`);
    if (gone && gone.length > 0)
      terminal.note((await import('../lib/ui/baseline.ts')).renderGone(gone, request.baseline!.name));
    if (watch) terminal.note((await import('../lib/ui/timing.ts')).renderTimes(watch.times));
  }
  if (failure) throw failure;
  if (terminal.json) terminal.printJson(document);
  return outcome;

  /** What has an answer is mended, or shown; loaded for those who want it. */
  async function mend(plan: Omit<FixPlan<Looked>, 'paint'>): Promise<FixRun<Looked>> {
    const { fixFiles } = await import('../lib/source/linting/fix-run.ts');
    const { paintDiff } = await import('../lib/ui/diff.ts');
    return fixFiles({ ...plan, paint: (diff) => paintDiff(diff, terminal.style) });
  }
}

/** Bytes at the beginning of a text, in which something stands. */
const BLANK = 4096;

/** What came in; nothing is what a command leaves that failed in front of the pipe. */
function somethingIn(bytes: Buffer): Buffer {
  if (/\S/u.test(bytes.toString('latin1', 0, BLANK))) return bytes;
  throw new UserError('input', 'empty-input', 'nothing came in to look at', {
    hint: 'see whether the command before the pipe has failed: sudo nginx -T',
  });
}

function atOnce(steps: Generator<string, LintResult>): LintResult {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function rounded(times: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...times].map(([what, time]) => [what, Number(time.toFixed(3))]));
}

/** Lines that end a run: what was mended, how many findings there are, and what can be done. */
function closing(
  findings: readonly Finding[],
  summary: Summary,
  mode: FixMode | undefined,
  fixes: FixReport | undefined,
): string[] {
  if (summary.files === 0 && !summary.ignored) return [];
  const broken = new Set(findings.filter(({ rule }) => isUnreadable(rule)).map(({ file }) => file));
  const isDry = mode === 'dry';
  return [
    fixes ? renderFixes(fixes, isDry ? 'would be fixed' : 'fixed') : '',
    isDry ? '' : renderCounts(findings),
    isDry ? `${renderSummary(summary)} would be left` : renderSummary(summary),
    mode ? '' : renderFixable(findings.filter(({ fixable }) => fixable).length),
    renderBroken([...broken]),
  ].filter((line) => line !== '');
}

/** Why a run that has told what it found has failed all the same. */
function failureOf(
  findings: readonly Finding[],
  unreadable: readonly string[],
  notWritten: readonly string[],
  done: Readonly<Record<string, unknown>>,
): UserError | undefined {
  if (findings.some(({ rule }) => rule === FAILED_RULE)) {
    return new UserError('failed', 'failed-rule', 'a rule failed; the others have spoken', {
      hint: 'this is a defect of lbctl: please report it with the configuration',
      done,
    });
  }
  if (notWritten.length > 0) {
    return new UserError('failed', 'cannot-write', 'not every file could be fixed', {
      evidence: notWritten,
      done,
    });
  }
  return unreadable.length > 0 ? cannotRead(unreadable, done) : undefined;
}

function cannotRead(names: readonly string[], done: Readonly<Record<string, unknown>>): UserError {
  const [first] = names;
  const hint = `ls -l ${first} tells who may read it`;
  return names.length === 1
    ? new UserError('input', 'unreadable-file', `cannot read ${first}`, { hint, done })
    : new UserError('input', 'unreadable-file', `cannot read ${names.length} files`, {
        evidence: names,
        hint,
        done,
      });
}
