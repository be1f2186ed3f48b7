import { type Match, matchesIn, patternOf, rowMatch } from '../../model/values/matches.ts';
import type { Item, Model } from '../../model/model.ts';
import { hasEndlessWays } from '../../regex/ambiguity.ts';
import { automatonOf } from '../../regex/automaton.ts';
import type { Rule } from '../../engine/rule.ts';

/** Without a group that is repeated there is nothing to look at. */
const REPEATED_GROUP = /\)(?:[*+]|\{\d+,)/u;

export const regexBacktracking: Rule = {
  id: 'security/regex-backtracking',
  severity: 'warning',
  summary: 'an expression can be matched in so many ways that a short request keeps a worker busy',
  aliases: ['gixy:regex_redos'],
  since: '0.1.0',
  check({ model, report }) {
    const known = new Map<string, boolean>();
    for (const { item, match } of places(model)) {
      const { pattern, word, subject } = match;
      if (!REPEATED_GROUP.test(pattern)) continue;
      let endless = known.get(pattern);
      if (endless === undefined) known.set(pattern, (endless = isEndless(match)));
      if (!endless || !model.variables.origins(subject, item).some(({ client }) => client)) continue;
      report(item, 'a text that nearly matches is tried in more ways than can be counted', {
        word,
        hint: 'let what is repeated inside of the repeated group stand there once, as in (a|b)+ for (a+|b)+, or make the group atomic: (?>…)+',
      });
    }
  },
};

function isEndless(match: Match): boolean {
  const tree = patternOf(match);
  const automaton = tree.broken ? undefined : automatonOf(tree.root);
  return automaton !== undefined && hasEndlessWays(automaton);
}

interface Place {
  readonly item: Item;
  readonly match: Match;
}

function places(model: Model): Place[] {
  const found = ['location', 'server_name', 'rewrite', 'if'].flatMap((name) =>
    model.named(name).flatMap((item) => matchesIn(item).map((match) => ({ item, match }))),
  );
  for (const item of model.named('map')) {
    const source = item.directive.words[1]?.value ?? '';
    for (const row of model.rows(item)) {
      const match = rowMatch(row.directive.words[0]!, source, item);
      if (match) found.push({ item: row, match });
    }
  }
  return found;
}
