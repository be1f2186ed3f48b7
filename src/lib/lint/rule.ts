import type { Fault } from '../nginx/check/visit.ts';
import type { Target } from '../nginx/directives/knowledge.ts';
import type { Word } from '../nginx/syntax/tree.ts';
import type { Severity } from './finding.ts';
import type { Item, Model } from './model.ts';

/** What a rule looks at, and how it speaks. */
interface RuleContext {
  readonly model: Model;
  readonly target: Target;
  /** Notes a finding at a directive, or at one of its words. */
  report(item: Item, message: string, details?: ReportDetails): void;
}

interface ReportDetails {
  readonly word?: Word | undefined;
  readonly hint?: string | undefined;
  /** A directive that explains the finding. */
  readonly related?: { readonly message: string; readonly item: Item } | undefined;
}

/** What is said of a rule. */
export interface RuleInfo {
  /** Family and name, as those of its page and its fixtures. */
  readonly id: string;
  readonly severity: Severity;
  /** One line: what it finds. */
  readonly summary: string;
  /** The same check in other linters, `linter:name`. */
  readonly aliases: readonly string[];
  /** Release of lbctl that brought it. */
  readonly since: string;
}

/** A rule: data and one function over the model, which changes nothing. */
export interface Rule extends RuleInfo {
  readonly check: (context: RuleContext) => void;
}

/** Runs a rule; what it reports becomes faults, which findings are made of. */
export function run(rule: Rule, model: Model, target: Target): Fault[] {
  const faults: Fault[] = [];
  rule.check({
    model,
    target,
    report({ directive, file }, message, { word = directive.words[0]!, hint, related } = {}) {
      faults.push({
        rule: rule.id,
        message,
        ...(hint === undefined ? {} : { hint }),
        file,
        start: word.start,
        end: word.start + word.raw.length,
        ...(related
          ? {
              related: {
                message: related.message,
                file: related.item.file,
                start: related.item.directive.start,
              },
            }
          : {}),
      });
    },
  });
  return faults;
}
