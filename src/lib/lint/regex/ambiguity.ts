import type { Automaton, Step } from './automaton.ts';
import type { Characters } from './characters.ts';

/** A loop with more steps is not looked at: pairs of them would be too many. */
const MOST = 60;

/** So many pairs of ways are gone at most. */
const MOST_WAYS = 100_000;

/**
 * Whether there is a loop in which one text can be gone through in ever more ways, and behind which the match can
 * fail: then the ways are tried one after the other, and double with each turn.
 */
export function hasEndlessWays(automaton: Automaton): boolean {
  const edges = edgesOf(automaton);
  const takes = [...edges.keys()];
  return componentsOf(takes, (step) => edges.get(step)!.next.keys()).some((loop) => {
    if (loop.length > MOST || !isLoop(loop, edges)) return false;
    return !loop.some((step) => edges.get(step)!.accepts) && isAmbiguous(loop, edges);
  });
}

interface Edges {
  readonly characters: Characters;
  /** The steps that take the next character, each with whether there are several ways to it. */
  readonly next: Map<number, boolean>;
  /** Whether nothing more is needed for a match. */
  readonly accepts: boolean;
}

function edgesOf({ steps }: Automaton): Map<number, Edges> {
  const all = new Map<number, Edges>();
  for (const [number, step] of steps.entries())
    if (step.kind === 'take') all.set(number, { characters: step.characters, ...behind(steps, step.next) });
  return all;
}

/** What can be come to without taking a character. */
function behind(steps: readonly Step[], from: number): Omit<Edges, 'characters'> {
  const next = new Map<number, boolean>();
  let accepts = false;
  // with an anchor on the way the match may still fail
  const seen = new Map<number, number>();
  const pending: [step: number, sure: boolean][] = [[from, true]];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const [number, sure] = entry;
    const step = steps[number]!;
    if (step.kind === 'take') {
      next.set(number, next.has(number));
      continue;
    }
    if (step.kind === 'accept') {
      accepts ||= sure;
      continue;
    }
    // a second time tells that there are two ways; more are not needed
    const times = seen.get(number) ?? 0;
    if (times > 1) continue;
    seen.set(number, times + 1);
    if (step.kind === 'split') for (const one of step.next) pending.push([one, sure]);
    else pending.push([step.next, false]);
  }
  return { next, accepts };
}

function isLoop(component: readonly number[], edges: ReadonlyMap<number, Edges>): boolean {
  const [first] = component;
  return component.length > 1 || edges.get(first!)!.next.has(first!);
}

/** Whether two different ways through a loop can take the same text from one step of it back to the same step. */
function isAmbiguous(loop: readonly number[], edges: ReadonlyMap<number, Edges>): boolean {
  const inside = new Set(loop);
  const steps = loop.map((step) => edges.get(step)!);
  if (steps.some(({ next }) => [...next].some(([step, several]) => several && inside.has(step)))) return true;
  const ways = steps.reduce((sum, { next }) => sum + next.size, 0);
  if (ways * ways > MOST_WAYS) return false;
  const place = new Map(loop.map((step, index) => [step, index]));
  const pairs: number[] = [];
  for (const [one, { characters }] of steps.entries())
    for (const [other, { characters: others }] of steps.entries())
      if ((characters & others) !== 0n) pairs.push(one * MOST + other);
  const known = new Set(pairs);
  const nextOf = (pair: number): number[] => {
    const found: number[] = [];
    for (const one of steps[Math.floor(pair / MOST)]!.next.keys())
      for (const other of steps[pair % MOST]!.next.keys()) {
        const places = [place.get(one), place.get(other)];
        const to = (places[0] ?? -1) * MOST + (places[1] ?? 0);
        if (places[0] !== undefined && places[1] !== undefined && known.has(to)) found.push(to);
      }
    return found;
  };
  return componentsOf(pairs, nextOf).some((component) => {
    const same = component.some((pair) => Math.floor(pair / MOST) === pair % MOST);
    return same && component.some((pair) => Math.floor(pair / MOST) !== pair % MOST);
  });
}

/** Groups of nodes each of which can be come to from each of the others: Tarjan's algorithm, without recursion. */
function componentsOf(nodes: readonly number[], nextOf: (node: number) => Iterable<number>): number[][] {
  const found: number[][] = [];
  const order = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  for (const root of nodes) {
    if (order.has(root)) continue;
    const open: { readonly node: number; readonly rest: Iterator<number> }[] = [];
    const enter = (node: number): void => {
      order.set(node, order.size);
      lowest.set(node, order.get(node)!);
      stack.push(node);
      onStack.add(node);
      open.push({ node, rest: nextOf(node)[Symbol.iterator]() });
    };
    enter(root);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const { node } = top;
      const { done, value } = top.rest.next();
      if (done !== true) {
        if (!order.has(value)) enter(value);
        else if (onStack.has(value)) lowest.set(node, Math.min(lowest.get(node)!, order.get(value)!));
        continue;
      }
      open.pop();
      const outer = open.at(-1)?.node;
      if (outer !== undefined) lowest.set(outer, Math.min(lowest.get(outer)!, lowest.get(node)!));
      if (lowest.get(node) !== order.get(node)) continue;
      const component: number[] = [];
      for (let one = stack.pop()!; ; one = stack.pop()!) {
        onStack.delete(one);
        component.push(one);
        if (one === node) break;
      }
      found.push(component);
    }
  }
  return found;
}
