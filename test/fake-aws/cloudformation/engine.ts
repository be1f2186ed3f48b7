import { changesOf } from './changes.ts';
import { enter } from './events.ts';
import type { Item, Stack, State, Template, Work } from './model.ts';
import { fail, finishPhase } from './phases.ts';
import { cancel, finish, start, type Witness } from './resources.ts';
import { dependenciesOf } from './template.ts';

/** Begins to bring a stack to a template. */
export function begin(
  stack: Stack,
  phase: 'create' | 'update',
  {
    text,
    tags,
    token,
  }: { readonly text: string; readonly tags: Stack['tags']; readonly token: string | undefined },
): void {
  const template = JSON.parse(text) as Template;
  const before = structuredClone(stack.resources);
  const changes = changesOf(stack, template, tags);
  const todo = changes
    .filter(({ action }) => action !== 'Remove')
    .map(({ action, logicalId }): Item => ({
      logicalId,
      act: action === 'Add' ? 'create' : 'update',
      begun: false,
      definition: template.Resources[logicalId]!,
    }));
  const leaving = changes
    .filter(({ action }) => action === 'Remove')
    .map(({ logicalId, physicalId }): Item => ({
      logicalId,
      act: 'delete',
      begun: false,
      definition: stack.resources[logicalId]!.definition,
      physicalId: physicalId!,
    }));
  stack.work = { phase, token, todo, before, beforeText: stack.text, beforeTags: stack.tags, leaving };
  stack.text = text;
  stack.tags = tags;
  enter(stack, phase === 'create' ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS', 'User Initiated');
}

export function beginDelete(stack: Stack, token: string | undefined): void {
  const todo = Object.values(stack.resources)
    .filter(({ status }) => status !== 'DELETE_COMPLETE')
    .map(({ logicalId, physicalId, definition }): Item => ({
      logicalId,
      physicalId,
      definition,
      act: 'delete',
      begun: false,
    }));
  stack.work = {
    phase: 'delete',
    token,
    todo,
    before: {},
    beforeText: stack.text,
    beforeTags: stack.tags,
    leaving: [],
  };
  enter(stack, 'DELETE_IN_PROGRESS', 'User Initiated');
}

/** Goes on with a way back that failed. */
export function beginContinue(stack: Stack, token: string | undefined, skip: readonly string[]): void {
  const work = stack.work!;
  const todo = work.todo.filter(({ logicalId }) => !skip.includes(logicalId));
  for (const item of todo) item.begun = false;
  stack.work = { ...work, token, todo };
  enter(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
}

/** One step ahead in all that is under way. */
export function tick(state: State, stack: Stack, witness: Witness): void {
  const { work } = stack;
  if (!work || stack.status.endsWith('_FAILED')) return;
  const doing = work.todo.filter(({ begun }) => begun);
  const failed: string[] = [];
  for (const item of doing) {
    const reason = finish(state, stack, work, item, witness);
    if (reason !== undefined) failed.push(item.logicalId);
  }
  const isDeletion = (phase: Work['phase']): boolean =>
    phase !== 'create' && phase !== 'update' && phase !== 'update-rollback';
  if (failed.length > 0) {
    // what else is under way is cancelled
    if (!isDeletion(work.phase))
      for (const item of work.todo.filter(({ begun, logicalId }) => begun && !failed.includes(logicalId)))
        cancel(stack, item);
    fail(stack, work, failed);
    return;
  }
  if (work.todo.length === 0) return finishPhase(state, stack, work);
  const ids = new Set(work.todo.map(({ logicalId }) => logicalId));
  for (const item of work.todo) {
    if (item.begun) continue;
    const waits =
      item.act === 'delete'
        ? work.todo.some(
            (other) => other !== item && dependenciesOf(other.definition).includes(item.logicalId),
          )
        : dependenciesOf(item.definition).some((one) => ids.has(one));
    if (waits) continue;
    start(stack, item);
  }
}
