import { relative } from './escape.ts';
import { PatternError, readName, type State } from './state.ts';

type Length = number | undefined;
type ReadAlternatives = (state: State) => Length[];

/** PCRE's limit for groups in groups. */
const DEEPEST = 250;

/** `(…)` in all its forms; undefined where no quantifier may follow, `nothing` for a comment. */
export function readGroup(
  state: State,
  alternatives: ReadAlternatives,
): { readonly length: Length } | 'nothing' | undefined {
  const { pattern } = state;
  const rest = pattern.slice(state.at, state.at + 80);
  if (rest.startsWith('(?#')) return comment(state);
  if (/^\(\*[a-zA-Z:]/u.test(rest) || rest.startsWith('(*)')) return verb(state, alternatives);
  if (!rest.startsWith('(?')) {
    state.at++;
    state.groups++;
    return inside(state, alternatives);
  }
  const plain = /^\(\?(?:[:>|=!]|<[=!])/u.exec(rest)?.[0];
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
function inside(state: State, alternatives: ReadAlternatives): { readonly length: Length } {
  return { length: common(branches(state, alternatives)) };
}

function branches(state: State, alternatives: ReadAlternatives): Length[] {
  const { extended } = state;
  state.depth++;
  if (state.depth > DEEPEST) throw new PatternError(`groups are nested deeper than ${DEEPEST}`);
  const lengths = alternatives(state);
  if (state.pattern[state.at] !== ')')
    throw new PatternError('the ) of a group is missing', 'write \\( for the character itself');
  state.at++;
  state.depth--;
  state.extended = extended;
  return lengths;
}

function common(lengths: readonly Length[]): Length {
  return lengths.every((length) => length === lengths[0]) ? lengths[0] : undefined;
}

function assertion(state: State, alternatives: ReadAlternatives, kind: string): { readonly length: Length } {
  // groups of (?| have the same numbers in each alternative: counting them all is never too few
  const lengths = branches(state, alternatives);
  if (kind === '<=' || kind === '<!') {
    if (lengths.includes(undefined))
      throw new PatternError(
        'what a lookbehind matches must always have the same length',
        'leave out *, + and ? there',
      );
    return { length: 0 };
  }
  return { length: kind === '=' || kind === '!' ? 0 : common(lengths) };
}

function namedGroup(state: State, alternatives: ReadAlternatives, open: string): { readonly length: Length } {
  state.at += open.length;
  const name = readName(state, open.endsWith("'") ? "'" : '>');
  state.groups++;
  if (state.names.has(name) && !state.duplicateNames)
    throw new PatternError(`there are two groups named ${name}`);
  state.names.set(name, state.groups);
  return inside(state, alternatives);
}

function special(
  state: State,
  alternatives: ReadAlternatives,
  rest: string,
): { readonly length: Length } | undefined {
  if (rest.startsWith('(?(')) return conditional(state, alternatives);
  const recursion = /^\(\?(?:R|([+-]?\d+))\)/u.exec(rest);
  if (recursion) {
    state.at += recursion[0].length;
    if (recursion[1] !== undefined) relative(state, recursion[1], true);
    return { length: undefined };
  }
  const byName = /^\(\?(?:&|P>|P=)/u.exec(rest)?.[0];
  if (byName !== undefined) {
    state.at += byName.length;
    state.references.push(readName(state, ')'));
    return { length: undefined };
  }
  const callout = /^\(\?C\d{0,3}\)/u.exec(rest)?.[0];
  if (callout !== undefined) {
    state.at += callout.length;
    return undefined;
  }
  return options(state, alternatives, rest);
}

function options(
  state: State,
  alternatives: ReadAlternatives,
  rest: string,
): { readonly length: Length } | undefined {
  const match = /^\(\?(\^?[imnsxJU]*(?:-[imnsxJU]*)?)([:)])/u.exec(rest);
  if (!match) throw new PatternError(`${rest.slice(0, 4)} starts no group that there is`);
  const [text, letters, end] = match;
  if (letters!.startsWith('^') && letters!.includes('-'))
    throw new PatternError(`${text} turns options off twice`);
  const [on = '', off = ''] = letters!.split('-');
  state.at += text.length;
  const { extended } = state;
  if (on.includes('J')) state.duplicateNames = true;
  state.extended =
    (extended || on.includes('x')) && !off.includes('x') && !(on.startsWith('^') && !on.includes('x'));
  if (end === ')') return undefined;
  const group = inside(state, alternatives);
  state.extended = extended;
  return group;
}

/** `(?(condition)yes|no)` */
function conditional(state: State, alternatives: ReadAlternatives): { readonly length: Length } {
  const { pattern } = state;
  const rest = pattern.slice(state.at + 2, state.at + 80);
  if (/^\((?:\?(?:=|!|<=|<!)|\*)/u.test(rest)) {
    state.at += 2;
    readGroup(state, alternatives);
  } else {
    const match = /^\((?:([+-]?\d+)|<(\w+)>|'(\w+)'|R(?:\d+|&\w+)?|DEFINE|VERSION>?=[\d.]+|(\w+))\)/u.exec(
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
  return { length: lengths.length === 2 ? common(lengths) : undefined };
}

const VERBS = /^\(\*(?:(?:ACCEPT|COMMIT|F|FAIL|PRUNE|SKIP|THEN)(?::[^)]*)?|(?:MARK)?:[^)]+)\)/u;

const WORDS =
  /^\(\*(?:atomic|pla|positive_lookahead|nla|negative_lookahead|plb|positive_lookbehind|nlb|negative_lookbehind|napla|naplb|sr|script_run|asr|atomic_script_run):/u;

function verb(state: State, alternatives: ReadAlternatives): { readonly length: Length } | undefined {
  const rest = state.pattern.slice(state.at, state.at + 80);
  const word = WORDS.exec(rest)?.[0];
  if (word !== undefined) {
    state.at += word.length;
    return inside(state, alternatives);
  }
  const match = VERBS.exec(rest)?.[0];
  if (match === undefined) throw new PatternError(`${rest.slice(0, 12)} is no verb that there is`);
  state.at += match.length;
  return undefined;
}
