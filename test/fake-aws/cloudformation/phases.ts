import { enter } from './events.ts';
import type { Stack, State, Work } from './model.ts';

/** Where a stack goes when something has failed. */
export function fail(stack: Stack, work: Work, failed: readonly string[]): void {
  const list = `[${failed.join(', ')}]`;
  switch (work.phase) {
    case 'create':
      enter(
        stack,
        'ROLLBACK_IN_PROGRESS',
        `The following resource(s) failed to create: ${list}. Rollback requested by user.`,
      );
      work.phase = 'rollback';
      work.todo = deletions(stack, () => true);
      return;
    case 'update': {
      enter(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', `The following resource(s) failed to update: ${list}. `);
      work.phase = 'update-rollback';
      const changed = Object.values(stack.resources).filter(({ logicalId, physicalId, definition }) => {
        const old = work.before[logicalId];
        return (
          old &&
          (old.physicalId !== physicalId ||
            JSON.stringify(old.definition) !== JSON.stringify(definition) ||
            failed.includes(logicalId))
        );
      });
      work.todo = changed.map(({ logicalId }) => ({
        logicalId,
        definition: work.before[logicalId]!.definition,
        act: 'update',
        begun: false,
      }));
      work.leaving = deletions(stack, (logicalId) => !work.before[logicalId]);
      return;
    }
    case 'update-rollback':
      return enter(stack, 'UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: ${list}. `);
    case 'rollback':
      return enter(stack, 'ROLLBACK_FAILED', `The following resource(s) failed to delete: ${list}. `);
    case 'delete':
      return enter(stack, 'DELETE_FAILED', `The following resource(s) failed to delete: ${list}. `);
    case 'cleanup':
    case 'update-rollback-cleanup':
      // such things stay, and nobody is told but by the events
      work.todo = work.todo.filter(({ logicalId }) => !failed.includes(logicalId));
  }
}

/** Where it goes when all has been done. */
export function finishPhase(state: State, stack: Stack, work: Work): void {
  switch (work.phase) {
    case 'create':
      enter(stack, 'CREATE_COMPLETE');
      break;
    case 'update':
      work.phase = 'cleanup';
      work.todo = work.leaving;
      return enter(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    case 'cleanup':
      enter(stack, 'UPDATE_COMPLETE');
      break;
    case 'rollback':
      stack.resources = {};
      enter(stack, 'ROLLBACK_COMPLETE');
      break;
    case 'update-rollback':
      work.phase = 'update-rollback-cleanup';
      work.todo = work.leaving;
      return enter(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    case 'update-rollback-cleanup':
      for (const name of Object.keys(stack.resources)) if (!work.before[name]) delete stack.resources[name];
      stack.text = work.beforeText;
      stack.tags = work.beforeTags;
      enter(stack, 'UPDATE_ROLLBACK_COMPLETE');
      break;
    case 'delete':
      enter(stack, 'DELETE_COMPLETE');
      delete state.stacks[`${stack.region}/${stack.name}`];
      state.gone[stack.id] = stack;
  }
  stack.work = undefined;
}

/** What is made of a stack, as far as it is to go. */
function deletions({ resources }: Stack, goes: (logicalId: string) => boolean): Work['todo'] {
  return Object.values(resources)
    .filter(({ logicalId, physicalId }) => goes(logicalId) && physicalId !== '')
    .map(({ logicalId, physicalId, definition }) => ({
      logicalId,
      physicalId,
      definition,
      act: 'delete',
      begun: false,
    }));
}
