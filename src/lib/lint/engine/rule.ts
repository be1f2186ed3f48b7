import type { Fault, SourceFile } from '../../nginx/check/visit.ts';
import type { Target } from '../../nginx/directives/knowledge.ts';
import type { Word } from '../../nginx/syntax/tree.ts';
import type { Severity } from './finding.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Item, Model } from '../model/model.ts';

/**
 * What clients meet before NGINX: a Network Load Balancer that passes connections on (`nlb`) or puts a PROXY protocol
 * header in front (`nlb-proxy`), an Application Load Balancer (`alb`), or nothing (`none`).
 */
export type Behind = (typeof BEHIND)[number];

export const BEHIND = ['nlb', 'nlb-proxy', 'alb', 'none'] as const;

/** What a user can set a rule to. */
export type OptionValue = number | readonly string[];

/** An option of a rule. */
export interface RuleOption {
  readonly default: OptionValue;
  /** One line: what it is, with its unit. */
  readonly summary: string;
}

/** What a rule looks at, and how it speaks. */
export interface RuleContext {
  readonly model: Model;
  readonly target: Target;
  /** What stands in front; undefined where it is not known, and then nothing can be said that depends on it. */
  readonly behind: Behind | undefined;
  /** An option of the rule that is a number. */
  number(option: string): number;
  /** An option of the rule that is a list. */
  list(option: string): readonly string[];
  /** Notes a finding at a directive, or at one of its words. */
  report(item: Item, message: string, details?: ReportDetails): void;
}

interface ReportDetails {
  readonly word?: Word | undefined;
  readonly hint?: string | undefined;
  /** A directive that explains the finding. */
  readonly related?: { readonly message: string; readonly item: Item } | undefined;
  /** Given where there is one safe answer. */
  readonly fix?: Fix | undefined;
}

/** What is said of a rule. */
export interface RuleInfo {
  /** Family and name, as those of its page and its fixtures. */
  readonly id: string;
  readonly severity: Severity;
  /** One line: what it finds. */
  readonly summary: string;
  /** Whether some of its findings bring a fix. */
  readonly fixable?: boolean;
  /** The same check in other linters, `linter:name`. */
  readonly aliases: readonly string[];
  /** Release of lbctl that brought it. */
  readonly since: string;
}

/** A rule: data and one function over the model, which changes nothing. */
export interface Rule extends RuleInfo {
  readonly options?: Readonly<Record<string, RuleOption>>;
  readonly check: (context: RuleContext) => void;
}

/** What a run of the rules is told from outside. */
export interface RuleSettings {
  readonly target: Target;
  readonly behind?: Behind | undefined;
  /** Options by rule and name, where they differ from the defaults. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, OptionValue>>>> | undefined;
}

/** What a rule noted, with the fix it offers. */
export interface RuleFault extends Fault {
  readonly fix?: Fix | undefined;
}

/** Runs a rule; what it reports becomes faults, which findings are made of. */
export function run(rule: Rule, model: Model, { target, behind, options }: RuleSettings): RuleFault[] {
  const faults: RuleFault[] = [];
  const option = (name: string): OptionValue => {
    const known = rule.options?.[name];
    if (!known) throw new Error(`there is no option ${name}`);
    return options?.[rule.id]?.[name] ?? known.default;
  };
  rule.check({
    model,
    target,
    behind,
    number: (name) => Number(option(name)),
    list(name) {
      const value = option(name);
      return typeof value === 'number' ? [String(value)] : value;
    },
    report({ directive, file }, message, { word = directive.words[0]!, hint, related, fix } = {}) {
      faults.push({
        rule: rule.id,
        message,
        ...(hint === undefined ? {} : { hint }),
        file,
        start: word.start,
        end: word.start + word.raw.length,
        ...(related ? { related: placeOf(related.message, related.item) } : {}),
        ...(fix ? { fix } : {}),
      });
    },
  });
  return faults;
}

function placeOf(
  message: string,
  { file, directive }: Item,
): { readonly message: string; readonly file: SourceFile; readonly start: number } {
  return { message, file, start: directive.start };
}
