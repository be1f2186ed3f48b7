import { Context } from '../../directives/contexts.ts';
import { useRegularExpression } from '../patterns.ts';
import { useVariable, variablesIn } from '../script.ts';
import { shown } from '../forms.ts';
import type { Check, Visit } from '../visit.ts';
import type { Directive } from '../../syntax/tree.ts';
import type { Level } from '../level.ts';

/** `http`, `events`, `stream` and `mail`: once in the whole configuration. */
export const onceEverywhere: Check = (visit) => void visit.once();

/** What a `location` matches by; kept for the checks that depend on it. */
export interface Place {
  readonly kind: 'exact' | 'prefix' | 'regex' | 'named';
  readonly name: string;
}

const places = new WeakMap<Directive, Place>();

/** What the location matches by that a level is; undefined for other levels. */
export function placeOf(level: Level): Place | undefined {
  return level.site && places.get(level.site.directive);
}

/** Reads the words of a `location`; faults are told. */
function readLocation(visit: Visit): Place | undefined {
  const [, first, second] = visit.words;
  const place = second ? withModifier(visit) : glued(visit);
  if (place?.kind === 'regex') {
    const word = second ?? first!;
    useRegularExpression(visit, word, place.name);
  }
  return place;
}

function withModifier(visit: Visit): Place | undefined {
  const [, modifier, name] = visit.words;
  switch (modifier!.value) {
    case '=':
      return { kind: 'exact', name: name!.value };
    case '^~':
      return { kind: 'prefix', name: name!.value };
    case '~':
    case '~*':
      return { kind: 'regex', name: name!.value };
    default:
      visit.fault('syntax/location', `location has no modifier ${shown(modifier!)}`, modifier, {
        hint: 'it has =, ~, ~* and ^~',
      });
      return undefined;
  }
}

function glued(visit: Visit): Place {
  const { value } = visit.words[1]!;
  if (value.startsWith('=')) return { kind: 'exact', name: value.slice(1) };
  if (value.startsWith('^~')) return { kind: 'prefix', name: value.slice(2) };
  if (value.startsWith('~')) return { kind: 'regex', name: value.slice(value[1] === '*' ? 2 : 1) };
  return { kind: value.startsWith('@') ? 'named' : 'prefix', name: value };
}

export const location: Check = (visit) => {
  const place = readLocation(visit);
  if (!place) return;
  const { level } = visit;
  places.set(visit.directive, place);
  if (level.context === Context.location) nested(visit, place);
  if (place.kind === 'exact' || place.kind === 'prefix') {
    const before = level.add(`location ${place.kind} ${place.name}`, visit.site);
    if (before)
      visit.fault('syntax/duplicate', `there are two locations ${place.name} in the same block`, undefined, {
        hint: 'put what both hold into one',
        related: { message: 'the first one', site: before },
      });
  }
};

function nested(visit: Visit, place: Place): void {
  const outer = placeOf(visit.level);
  if (!outer) return;
  const word = visit.words.at(-1)!;
  if (outer.kind === 'exact' || outer.kind === 'named') {
    visit.fault(
      'syntax/location',
      `no location can stand inside the ${outer.kind} location ${outer.name}`,
      word,
    );
  } else if (place.kind === 'named') {
    visit.fault('syntax/location', `the named location ${place.name} must stand in the server itself`, word);
  } else if (place.kind !== 'regex' && !place.name.startsWith(outer.name)) {
    visit.fault('syntax/location', `location ${place.name} lies outside of location ${outer.name}`, word, {
      hint: 'a location inside another one starts with the same path',
    });
  }
}

const METHODS =
  /^(?:GET|HEAD|POST|PUT|DELETE|MKCOL|COPY|MOVE|OPTIONS|PROPFIND|PROPPATCH|LOCK|UNLOCK|PATCH|CONNECT)$/iu;

export const limitExcept: Check = (visit) => {
  if (!visit.once()) return;
  const bad = visit.words.slice(1).find(({ value }) => !METHODS.test(value));
  if (bad) visit.fault('syntax/value', `limit_except does not know the method ${shown(bad)}`, bad);
};

/** `if (…)`: a variable alone, a comparison, a regular expression, or a test of a file. */
export const ifCondition: Check = (visit) => {
  const words = conditionOf(visit);
  if (!words) return;
  const [first, operator, ...rest] = words;
  if (words.length === 1 && /^\$\w+(?:!?[=~]|[<>])/u.test(first!.value)) {
    visit.fault('syntax/condition', `${shown(first!.word)} is read as the name of a variable`, first!.word, {
      hint: 'put spaces around the operator: if ($a = b)',
    });
  } else if (first!.value.length > 1 && first!.value.startsWith('$')) {
    if (words.length !== 1 && words.length !== 3) return badCondition(visit, first!.word);
    useVariable(visit, first!.word, first!.value.slice(1));
    if (!operator) return;
    const operand = rest[0]!;
    if (operator.value === '=' || operator.value === '!=')
      variablesIn(visit, operand.word, { text: operand.value });
    else if (/^!?~\*?$/u.test(operator.value)) useRegularExpression(visit, operand.word, operand.value);
    else
      visit.fault('syntax/condition', `if has no operator ${operator.value}`, operator.word, {
        hint: operator.value === '==' ? 'write = to compare texts' : 'it has =, !=, ~, ~*, !~ and !~*',
      });
  } else if (/^!?-[fdex]$/u.test(first!.value) && words.length === 2) {
    variablesIn(visit, operator!.word, { text: operator!.value });
  } else {
    badCondition(visit, first!.word);
  }
};

function badCondition(visit: Visit, word: Visit['words'][number]): void {
  visit.fault('syntax/condition', `${shown(word)} is no condition that if takes`, word, {
    hint: 'write a variable, $a = text, $a ~ regex, or -f $file, in parentheses; there is no and, or, < or >',
  });
}

interface ConditionWord {
  readonly word: Visit['words'][number];
  readonly value: string;
}

/** The words between the parentheses, which may be parts of the first and the last word. */
function conditionOf(visit: Visit): ConditionWord[] | undefined {
  const words = visit.words.slice(1).map((word) => ({ word, value: word.value }));
  const [first, last] = [words[0]!, words.at(-1)!];
  if (!first.value.startsWith('(')) return refuse(visit, first.word, 'the condition starts with (');
  if (first.value === '(') words.shift();
  else words[0] = { word: first.word, value: first.value.slice(1) };
  const end = words.at(-1);
  if (end?.value.endsWith(')') !== true) return refuse(visit, last.word, 'the condition ends with )');
  if (end.value === ')') words.pop();
  else words[words.length - 1] = { word: end.word, value: end.value.slice(0, -1) };
  return words.length === 0 ? refuse(visit, first.word, 'the condition is empty') : words;
}

function refuse(visit: Visit, word: Visit['words'][number], why: string): undefined {
  visit.fault('syntax/condition', `${why}: ${shown(word)}`, word);
  return undefined;
}
