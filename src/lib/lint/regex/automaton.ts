import { type Characters, holds, WORD } from './characters.ts';
import type { Anchor, Node, Repeat } from './tree.ts';

/** A step of an automaton; `next` are the numbers of the steps behind it. */
export type Step =
  | { readonly kind: 'take'; readonly characters: Characters; next: number }
  | { readonly kind: 'split'; readonly next: number[] }
  | { readonly kind: 'anchor'; readonly at: Anchor; next: number }
  | { readonly kind: 'accept' };

/** A regular expression as a machine that goes through a text once, whatever the expression. */
export interface Automaton {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** Larger ones are not made: what a rule would learn is not worth the time. */
const LARGEST = 2000;

/**
 * Makes the automaton of a part; undefined where it looks around, refers to a group, gives nothing back, or would be
 * too large.
 */
export function automatonOf(root: Node): Automaton | undefined {
  const steps: Step[] = [{ kind: 'accept' }];
  const start = add(steps, root, 0);
  return start === undefined ? undefined : { steps, start };
}

/** Adds the steps of a part in front of a step; returns the first of them. */
function add(steps: Step[], node: Node, next: number): number | undefined {
  if (steps.length > LARGEST) return undefined;
  switch (node.kind) {
    case 'set':
      return steps.push({ kind: 'take', characters: node.characters, next }) - 1;
    case 'anchor':
      return node.at === 'other' ? undefined : steps.push({ kind: 'anchor', at: node.at, next }) - 1;
    case 'group':
      return node.atomic ? undefined : add(steps, node.inner, next);
    case 'sequence': {
      let first: number | undefined = next;
      for (let at = node.items.length - 1; at >= 0 && first !== undefined; at--)
        first = add(steps, node.items[at]!, first);
      return first;
    }
    case 'alternatives': {
      const starts: number[] = [];
      for (const branch of node.branches) {
        const start = add(steps, branch, next);
        if (start === undefined) return undefined;
        starts.push(start);
      }
      return steps.push({ kind: 'split', next: starts }) - 1;
    }
    case 'repeat':
      return addRepeat(steps, node, next);
    default:
      return undefined;
  }
}

function addRepeat(
  steps: Step[],
  { inner, least, greatest, possessive }: Repeat,
  next: number,
): number | undefined {
  if (possessive) return undefined;
  let first: number | undefined = next;
  if (greatest === Infinity) {
    const ways: number[] = [next];
    const loop = steps.push({ kind: 'split', next: ways }) - 1;
    const body = add(steps, inner, loop);
    if (body === undefined) return undefined;
    ways.unshift(body);
    first = loop;
  } else {
    for (let count = least; count < greatest && first !== undefined; count++) {
      const body = add(steps, inner, first);
      first = body === undefined ? undefined : steps.push({ kind: 'split', next: [body, next] }) - 1;
    }
  }
  for (let count = 0; count < least && first !== undefined; count++) first = add(steps, inner, first);
  return first;
}

/** Whether an automaton finds a match in a text, or with `whole` whether all of the text is one. */
export function matches({ steps, start }: Automaton, text: string, whole = false): boolean {
  let now = new Set<number>();
  for (let at = 0; at <= text.length; at++) {
    if (at === 0 || !whole) reach(steps, start, text, at, now);
    if (now.has(0) && (!whole || at === text.length)) return true;
    const char = text[at];
    if (char === undefined) break;
    const after = new Set<number>();
    for (const number of now) {
      const step = steps[number]!;
      if (step.kind === 'take' && holds(step.characters, char)) reach(steps, step.next, text, at + 1, after);
    }
    now = after;
  }
  return false;
}

/** Notes a step and all that can be had from it without taking a character. */
function reach(steps: readonly Step[], from: number, text: string, at: number, found: Set<number>): void {
  const pending = [from];
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (found.has(number)) continue;
    found.add(number);
    const step = steps[number]!;
    if (step.kind === 'split') pending.push(...step.next);
    else if (step.kind === 'anchor' && stands(step.at, text, at)) pending.push(step.next);
  }
}

function stands(anchor: Anchor, text: string, at: number): boolean {
  switch (anchor) {
    case 'start':
      return at === 0;
    case 'very-end':
      return at === text.length;
    case 'end':
      return at === text.length || (at === text.length - 1 && text[at] === '\n');
    case 'line-start':
      return at === 0 || text[at - 1] === '\n';
    case 'line-end':
      return at === text.length || text[at] === '\n';
    default:
      return (isWord(text[at - 1]) !== isWord(text[at])) === (anchor === 'word');
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && holds(WORD, char);
}
