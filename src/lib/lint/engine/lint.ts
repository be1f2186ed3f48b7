import { check } from '../../nginx/check/walk.ts';
import type { Fault, SourceFile } from '../../nginx/check/visit.ts';
import { Context } from '../../nginx/directives/contexts.ts';
import type { Loaded } from '../../nginx/include/load.ts';
import { isPackaged } from '../../nginx/include/packaged.ts';
import { positions, type Position } from '../../nginx/syntax/position.ts';
import { LBCTL_VERSION } from '../../version.ts';
import { keyOfFix } from '../fixes/apply.ts';
import { isUnreadable, withoutIgnored } from './ignores.ts';
import type { Fix } from '../fixes/fix.ts';
import { type Model, modelOf } from '../model/model.ts';
import { type Rule, run, type RuleFault, type RuleSettings } from './rule.ts';
import { neededRules, severityOfRule } from '../rules/needed.ts';
import type { Finding, Severity } from './finding.ts';
import type { Timed } from './timing.ts';

/** What is made of a rule's findings, where that is not what the rule itself says. */
export type Severities = Readonly<Record<string, Severity | 'off'>>;

export interface LintOptions extends RuleSettings {
  /** Where the main file stands, see directives/contexts.ts; a whole configuration when left out. */
  readonly context?: number | undefined;
  /** Tells a fault of what is made from another file at its place there; undefined leaves it out. */
  readonly relocate?: (fault: RuleFault) => RuleFault | undefined;
  /** What was found beside, in `files`. */
  readonly beside?: readonly RuleFault[];
  /** Files that faults are relocated to. */
  readonly files?: readonly SourceFile[];
  /** By rule, with its family. */
  readonly severities?: Severities | undefined;
  /** Those of the registry that are needed when left out. */
  readonly rules?: readonly Rule[] | undefined;
  /** Called when much of what was made is not needed any more. */
  readonly clear?: (() => void) | undefined;
  /** Called around each piece of the work. */
  readonly timed?: Timed | undefined;
}

/** Findings in all files of a configuration, in the order of the files and their lines. */
export function lint(
  configuration: Loaded,
  { context, relocate, beside = [], files = [], ...settings }: LintOptions,
): Finding[] {
  const { severities = {}, timed = untimed } = settings;
  const texts = configuration.files.flatMap((file) =>
    file.document.problems.map(({ related, ...problem }): Fault => ({
      ...problem,
      file,
      ...(related ? { related: { ...related, file } } : {}),
    })),
  );
  const found: RuleFault[] = [
    ...texts,
    ...configuration.problems,
    ...timed('checks', () => check(configuration, settings.target, context).map(withMarkFix)),
    ...settled(settings),
    ...ruled(configuration, settings, context ?? Context.main),
  ];
  const faults = [...beside, ...(relocate ? found.flatMap((fault) => relocate(fault) ?? []) : found)];
  const all = [...configuration.files, ...files];
  const places = new Map<SourceFile, (offset: number) => Position>();
  const at = (file: SourceFile, offset: number): Position => {
    let place = places.get(file);
    if (!place) places.set(file, (place = positions(file.document.text)));
    return place(offset);
  };
  // kept, as many faults may stand on one long line
  const lines = new Map<SourceFile, Map<number, string>>();
  const line = (file: SourceFile, offset: number): string => {
    let known = lines.get(file);
    if (!known) lines.set(file, (known = new Map()));
    const number = at(file, offset).line;
    let text = known.get(number);
    if (text === undefined) known.set(number, (text = lineAt(file.document.text, offset)));
    return text;
  };
  const order = new Map(all.map((file, index) => [file, index]));
  const severity = severityOf(settings);
  const off = Object.keys(severities).filter((rule) => severities[rule] === 'off');
  return timed('findings', () =>
    withoutIgnored(faults, relocate ? files : configuration.files, off)
      .toSorted((a, b) => order.get(a.file)! - order.get(b.file)! || a.start - b.start)
      .flatMap((fault) => {
        const level = severity(fault);
        return level === 'off' ? [] : [toFinding(fault, level, at, line)];
      }),
  );
}

/** Nothing is found; what the checks have made goes before the rules make as much again. */
function settled({ clear }: LintOptions): [] {
  clear?.();
  return [];
}

const untimed: Timed = (_what, work) => work();

/** Stands in a finding for the rule that should have spoken. */
export const FAILED_RULE = 'lint/failed-rule';

/** What the rules find. One that fails is told as a finding of its own, and the others still speak. */
function ruled(configuration: Loaded, settings: LintOptions, context: number): RuleFault[] {
  const { severities = {}, timed = untimed } = settings;
  const model = timed('model', () => modelOf(configuration, context));
  // what takes time is told of all
  const isThere = (directive: string): boolean =>
    settings.timed !== undefined || model.named(directive).length > 0;
  const { rules = neededRules(isThere) } = settings;
  return rules.flatMap((rule) => {
    if (severities[rule.id] === 'off') return [];
    try {
      return timed(rule.id, () => withSafeFixes(run(rule, model, settings), model));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `the rule ${rule.id} failed: ${why}`;
      return [{ rule: FAILED_RULE, message, file: configuration.main, start: 0, end: 0 }];
    }
  });
}

/** What the checks of NGINX find has an answer in one case alone: a mark that nobody sees is taken out. */
function withMarkFix(fault: Fault): RuleFault {
  if (fault.rule !== 'syntax/byte-order-mark') return fault;
  const { file, start } = fault;
  const end = start + (file.document.text[start] === '\u{FEFF}' ? 1 : 3);
  return { ...fault, fix: { title: 'take the mark out', edits: [{ file, start, end, text: '' }] } };
}

/**
 * A file that is included at several places is changed only where the answer is the same at all of them; one whose
 * braces, quotes or semicolons do not go together is not changed, as nobody knows what stands where.
 */
function withSafeFixes(faults: readonly RuleFault[], model: Model): RuleFault[] {
  const timesOf = ({ edits }: Fix): number =>
    Math.max(...edits.map(({ file }) => (isBroken(file) ? Infinity : (model.times.get(file) ?? 1))));
  const shared = faults.flatMap(({ fix }) => (fix && timesOf(fix) > 1 ? keyOfFix(fix) : []));
  if (shared.length === 0) return [...faults];
  const equal = new Map<string, number>();
  for (const key of shared) equal.set(key, (equal.get(key) ?? 0) + 1);
  return faults.map((fault) => {
    const { fix } = fault;
    if (!fix || timesOf(fix) <= (equal.get(keyOfFix(fix)) ?? 1)) return fault;
    return { ...fault, fix: undefined };
  });
}

function isBroken({ document }: SourceFile): boolean {
  return document.problems.some(({ rule }) => isUnreadable(rule));
}

function toFinding(
  fault: RuleFault,
  severity: Severity,
  at: (file: SourceFile, offset: number) => Position,
  line: (file: SourceFile, offset: number) => string,
): Finding {
  const { rule, message, hint, file, start, end, related, fix } = fault;
  const from = at(file, start);
  const to = at(file, end);
  return {
    rule,
    severity,
    // what it names may go over several lines, and one finding is one line for other programs
    message: message.replaceAll(/[\r\n]+/gu, ' '),
    ...(hint === undefined ? {} : { hint }),
    file: file.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    fixable: fix !== undefined,
    ...(fix ? { fix } : {}),
    url: pageOf(rule),
    sourceLine: line(file, start),
    ...(related
      ? {
          related: {
            message: related.message,
            file: related.file.name,
            line: at(related.file, related.start).line,
          },
        }
      : {}),
  };
}

/** A function that tells what is made of a fault. */
function severityOf({ severities = {}, rules = [] }: LintOptions): (fault: Fault) => Severity | 'off' {
  const others = new Map(rules.map(({ id, severity }) => [id, severity]));
  return ({ rule, file, start, end }) => {
    if (Object.hasOwn(severities, rule)) return severities[rule]!;
    if (rule !== 'reliability/missing-include') return severityOfRule(rule) ?? others.get(rule) ?? 'error';
    const path = file.document.text.slice(start, end).replaceAll(/["']/gu, '');
    return path.startsWith('/') || isPackaged(path) ? 'info' : 'error';
  };
}

/** Address of a rule's page, in the package of this version. */
export function pageOf(rule: string): string {
  return `https://unpkg.com/lbctl@${LBCTL_VERSION}/docs/rules/${rule}.md`;
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/u, '');
}
