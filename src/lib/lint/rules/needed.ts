import type { Severity } from '../engine/finding.ts';
import type { Rule } from '../engine/rule.ts';
import { builtIn } from './built-in.ts';
import { rules } from './registry.ts';

// In what is built other functions stand in the place of these, see scripts/needed-rules.js: most files have few of the
// directives that rules are about, and to load the others would take longer than to look through a small file.

/** Rules that may find something in a configuration, in their order. */
export function neededRules(_has: (directive: string) => boolean): readonly Rule[] {
  return rules;
}

/** The severity that a rule has by itself. */
export function severityOfRule(id: string): Severity | undefined {
  return [...builtIn, ...rules].find((rule) => rule.id === id)?.severity;
}

/** What a rule is about. What NGINX itself refuses needs no more words. */
export function summaryOfRule(id: string): string | undefined {
  return rules.find((rule) => rule.id === id)?.summary;
}

/** Every rule and check by its name. */
export function ruleIds(): string[] {
  return [...builtIn, ...rules].map(({ id }) => id);
}
