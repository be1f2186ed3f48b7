import type { Context } from '../service.ts';

/** When something is done: after being asked for so often, or after milliseconds. */
export type Wait = number | { readonly ms: number } | 'never';

/** A wait that has begun. */
export type Later = { readonly asked: number } | { readonly at: number } | 'never';

export function begin(wait: Wait, { now }: Context): Later {
  if (wait === 'never') return wait;
  return typeof wait === 'number' ? { asked: wait } : { at: now.getTime() + wait.ms };
}

/** Whether it is done when it is asked for once more, and how long it takes from then on. */
export function ask(wait: Later, { now }: Context): { readonly done: boolean; readonly wait: Later } {
  if (wait === 'never') return { done: false, wait };
  if ('at' in wait) return { done: now.getTime() >= wait.at, wait };
  return { done: wait.asked === 0, wait: { asked: Math.max(0, wait.asked - 1) } };
}
