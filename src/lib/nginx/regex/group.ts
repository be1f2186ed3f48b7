import { lengthOf, relative } from './escape.ts';
import { type Item, type Length, PatternError, readName, type State } from './state.ts';

type ReadAlternatives = (state: State, reset?: boolean) => Length[];

/** PCRE's limit for groups in groups. */
const DEEPEST = 250;

/** `(…)` in all its forms; undefined where no quantifier may follow, `nothing` for a comment. */
export function readGroup(state: State, alternatives: ReadAlternatives): Item | 'nothing' | undefined {
  const { pattern } = state;
  const rest = pattern.slice(state.at, state.at + 80);
  if (rest.startsWith('(?#')) return comment(state);
  if (/^\(\*[a-zA-Z:]/u.test(rest) || rest.startsWith('(*)')) return verb(state, alternatives);
  if (!rest.startsWith('(?')) {
    state.at++;
    return state.namedOnly ? inside(state, alternatives) : capturing(state, alternatives);
  }
  const plain = /^\(\?(?:[:>|=!*]|<[=!*])/u.exec(rest)?.[0];
  if (plain !== undefined) {
    state.at += plain.length;
    return assertion(state, alternatives, plain.slice(2));
  }
  const named = /^\(\?(?:P?<|')/u.exec(rest)?.[0];
  if (named !== undefined) return namedGroup(state, alternatives, named);
  return special(state, alternatives, rest);
}

function comment(state: State): 'nothing' {
  const end = state.pattern.indexOf(')', state.at);
  if (end < 0) throw new PatternError('the ) behind the comment (?# is missing');
  state.at = end + 1;
  return 'nothing';
}

/** Reads up to the `)`, which belongs to the group; options that are set inside end with it. */
function inside(state: State, alternatives: ReadAlternatives): Item {
  return { length: common(branches(state, alternatives)) };
}

/** A group with a number, which others can refer to. */
function capturing(state: State, alternatives: ReadAlternatives): Item {
  state.groups++;
  const number = state.groups;
  const group = inside(state, alternatives);
  state.lengths.set(number, group.length);
  return group;
}

function branches(state: State, alternatives: ReadAlternatives, reset = false): Length[] {
  const { extended, namedOnly } = state;
  state.depth++;
  if (state.depth > DEEPEST) throw new PatternError(`groups are nested deeper than ${DEEPEST}`);
  const lengths = alternatives(state, reset);
  if (state.pattern[state.at] !== ')')
    throw new PatternError('the ) of a group is missing', 'write \\( for the character itself');
  state.at++;
  state.depth--;
  state.extended = extended;
  state.namedOnly = namedOnly;
  return lengths;
}

function common(lengths: readonly Length[]): Length {
  return lengths.every((length) => length === lengths[0]) ? lengths[0] : undefined;
}

function assertion(state: State, alternatives: ReadAlternatives, kind: string): Item {
  const lengths = branches(state, alternatives, kind === '|');
  if (kind.startsWith('<')) {
    if (lengths.includes(undefined))
      throw new PatternError(
        'what a lookbehind matches must always have the same length',
        'leave out *, + and ? there',
      );
    return { length: 0 };
  }
  return '=!*'.includes(kind) ? { length: 0, looks: true } : { length: common(lengths) };
}

function namedGroup(state: State, alternatives: ReadAlternatives, open: string): Item {
  state.at += open.length;
  const name = readName(state, open.endsWith("'") ? "'" : '>');
  const number = state.groups + 1;
  // alternatives of (?| may have a group of the same number and name each
  if (state.names.has(name) && state.names.get(name) !== number && !state.duplicateNames)
    throw new PatternError(`there are two groups named ${name}`);
  for (const [other, its] of state.names)
    if (its === number && other !== name)
      throw new PatternError(`the group ${name} has the number of the group ${other}`);
  state.names.set(name, number);
  return capturing(state, alternatives);
}

function special(state: State, alternatives: ReadAlternatives, rest: string): Item | undefined {
  if (rest.startsWith('(?(')) return conditional(state, alternatives);
  const recursion = /^\(\?(?:R|([+-]?\d+))\)/u.exec(rest);
  if (recursion) {
    state.at += recursion[0].length;
    return { length: recursion[1] === undefined ? undefined : relative(state, recursion[1], true) };
  }
  const byName = /^\(\?(?:&|P>|P=)/u.exec(rest)?.[0];
  if (byName !== undefined) {
    state.at += byName.length;
    const name = readName(state, ')');
    state.references.push(name);
    return { length: lengthOf(state, state.names.get(name)) };
  }
  const callout = /^\(\?C\d{0,3}\)/u.exec(rest)?.[0];
  if (callout !== undefined) {
    state.at += callout.length;
    return undefined;
  }
  return options(state, alternatives, rest);
}

function options(state: State, alternatives: ReadAlternatives, rest: string): Item | undefined {
  const match = /^\(\?(\^?[imnsxJU]*(?:-[imnsxJU]*)?)([:)])/u.exec(rest);
  if (!match) throw new PatternError(`${rest.slice(0, 4)} starts no group that there is`);
  const [text, letters, end] = match;
  if (letters!.startsWith('^') && letters!.includes('-'))
    throw new PatternError(`${text} turns options off twice`);
  const [on = '', off = ''] = letters!.split('-');
  state.at += text.length;
  const { extended, namedOnly } = state;
  if (on.includes('J')) state.duplicateNames = true;
  const isOn = (letter: string, before: boolean): boolean =>
    (on.includes(letter) || (before && !on.startsWith('^'))) && !off.includes(letter);
  state.extended = isOn('x', extended);
  state.namedOnly = isOn('n', namedOnly);
  if (end === ')') return undefined;
  const group = inside(state, alternatives);
  state.extended = extended;
  state.namedOnly = namedOnly;
  return group;
}

/** `(?(condition)yes|no)` */
function conditional(state: State, alternatives: ReadAlternatives): Item {
  const { pattern } = state;
  const rest = pattern.slice(state.at + 2, state.at + 80);
  if (/^\((?:\?(?:=|!|<=|<!)|\*)/u.test(rest)) {
    state.at += 2;
    readGroup(state, alternatives);
  } else {
    const match =
      /^\((?:([+-]?\d+)|<(\w+)>|'(\w+)'|R(?:\d+|&\w+)?|DEFINE|VERSION>?=(?:1000|\d{1,3})(?:\.\d\d?)?|(\w+))\)/u.exec(
        rest,
      );
    if (!match) throw new PatternError('the condition behind (?( is none that there is');
    const [text, number, angled, quoted, bare] = match;
    if (number !== undefined) relative(state, number);
    const name = angled ?? quoted ?? bare;
    if (name !== undefined) state.references.push(name);
    state.at += 2 + text.length;
  }
  const lengths = branches(state, alternatives);
  if (lengths.length > 2) throw new PatternError('a condition has more than two alternatives');
  if (!rest.startsWith('(DEFINE)')) return { length: common(lengths) };
  if (lengths.length > 1) throw new PatternError('(?(DEFINE) has more than one alternative');
  // what is only defined is not matched here
  return { length: 0 };
}

const VERBS = /^\(\*(?:(?:ACCEPT|COMMIT|F|FAIL|PRUNE|SKIP|THEN)(?::[^)]*)?|(?:MARK)?:[^)]+)\)/u;

/** Groups that may be named instead, with the sign of each. */
const WORDS: Readonly<Record<string, string>> = {
  atomic: '>',
  pla: '=',
  positive_lookahead: '=',
  nla: '!',
  negative_lookahead: '!',
  plb: '<=',
  positive_lookbehind: '<=',
  nlb: '<!',
  negative_lookbehind: '<!',
  napla: '*',
  non_atomic_positive_lookahead: '*',
  naplb: '<*',
  non_atomic_positive_lookbehind: '<*',
  sr: ':',
  script_run: ':',
  asr: '>',
  atomic_script_run: '>',
};

function verb(state: State, alternatives: ReadAlternatives): Item | undefined {
  const rest = state.pattern.slice(state.at, state.at + 80);
  const [opening, word = ''] = /^\(\*([a-z_]+):/u.exec(rest) ?? [];
  if (opening !== undefined && Object.hasOwn(WORDS, word)) {
    state.at += opening.length;
    return assertion(state, alternatives, WORDS[word]!);
  }
  const match = VERBS.exec(rest)?.[0];
  if (match === undefined) throw new PatternError(`${rest.slice(0, 12)} is no verb that there is`);
  state.at += match.length;
  return match.startsWith('(*ACCEPT') ? { length: 0 } : undefined;
}
