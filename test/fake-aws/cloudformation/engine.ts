import { randomUUID } from 'node:crypto';
import { KINDS } from './kinds.ts';
import type { Item, Json, Resource, Stack, State, Template, Work } from './model.ts';
import { changesOf } from './changes.ts';
import { resolve } from './resolve.ts';
import { dependenciesOf } from './template.ts';

/** What happens to a resource, for whoever stands for it; a text that is given back is why it fails. */
interface Happening {
  readonly act: 'create' | 'update' | 'delete';
  readonly region: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Json;
}

export type Witness = (happening: Happening) => string | undefined | void;

const STACK = 'AWS::CloudFormation::Stack';

function tell(
  stack: Stack,
  about: Pick<Resource, 'logicalId' | 'physicalId' | 'type'>,
  status: string,
  reason?: string,
): void {
  stack.events.push({
    id: randomUUID(),
    at: new Date().toISOString(),
    logicalId: about.logicalId,
    physicalId: about.physicalId,
    type: about.type,
    status,
    reason,
    token: stack.work?.token,
  });
}

export function enter(stack: Stack, status: string, reason?: string): void {
  stack.status = status;
  stack.reason = reason;
  tell(stack, { logicalId: stack.name, physicalId: stack.id, type: STACK }, status, reason);
}

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

const ACTS = { create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const;

function start(stack: Stack, item: Item): void {
  item.begun = true;
  const there = stack.resources[item.logicalId];
  const about = {
    logicalId: item.logicalId,
    physicalId: item.physicalId ?? there?.physicalId ?? '',
    type: item.definition.Type,
  };
  if (there && item.physicalId === undefined) there.status = `${ACTS[item.act]}_IN_PROGRESS`;
  tell(stack, about, `${ACTS[item.act]}_IN_PROGRESS`);
}

function cancel(stack: Stack, item: Item): void {
  const there = stack.resources[item.logicalId];
  const status = `${ACTS[item.act]}_FAILED`;
  if (there) there.status = status;
  tell(
    stack,
    { logicalId: item.logicalId, physicalId: there?.physicalId ?? '', type: item.definition.Type },
    status,
    `Resource ${item.act === 'create' ? 'creation' : 'update'} cancelled`,
  );
}

/** @returns why it failed. */
function finish(state: State, stack: Stack, work: Work, item: Item, witness: Witness): string | undefined {
  const { logicalId, act, definition } = item;
  const there = stack.resources[logicalId];
  const kind = KINDS[definition.Type]!;
  const on = work.phase === 'update-rollback' ? 'rollback' : act;
  const told = state.failures.find((one) => one.logicalId === logicalId && one.on === on && one.times > 0);
  const scope = {
    region: stack.region,
    stackName: stack.name,
    stackId: stack.id,
    resources: stack.resources,
  };
  const properties = act === 'delete' ? null : resolve(definition.Properties ?? {}, scope);
  const anew =
    act === 'create' ||
    (act === 'update' &&
      (there!.type !== definition.Type ||
        kind.replaces.some((key) => !alike(there!.properties, properties, key))));
  const physicalId =
    act === 'delete'
      ? item.physicalId!
      : anew
        ? kind.id(`${stack.name}-${logicalId}`, String(state.next++), stack.region)
        : there!.physicalId;
  if (told) told.times--;
  const happening = {
    region: stack.region,
    stack: stack.name,
    logicalId,
    type: definition.Type,
    physicalId,
    properties,
  };
  const retained = act === 'delete' && definition.DeletionPolicy === 'Retain';
  const reason =
    told?.reason ??
    (retained ? undefined : (witness({ ...happening, act: anew ? 'create' : act }) ?? undefined));
  const about = { logicalId, physicalId, type: definition.Type };
  if (reason !== undefined) {
    const status = `${ACTS[act]}_FAILED`;
    stack.resources[logicalId] = { ...(there ?? { ...about, definition, properties }), status, reason };
    // what never came has no ID
    if (act === 'create') stack.resources[logicalId].physicalId = '';
    tell(stack, about, status, reason);
    return reason;
  }
  work.todo = work.todo.filter((one) => one !== item);
  if (act === 'delete') {
    if (there?.physicalId === physicalId || there?.physicalId === '') delete stack.resources[logicalId];
    tell(stack, about, retained ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE');
    return undefined;
  }
  if (there && anew && there.physicalId !== '')
    work.leaving.push({
      logicalId,
      act: 'delete',
      begun: false,
      definition: there.definition,
      physicalId: there.physicalId,
    });
  stack.resources[logicalId] = {
    ...about,
    definition,
    properties,
    status: `${ACTS[act]}_COMPLETE`,
    reason: undefined,
  };
  tell(stack, about, `${ACTS[act]}_COMPLETE`);
  return undefined;
}

function alike(before: Json, after: Json, key: string): boolean {
  const [a, b] = [before, after] as readonly Readonly<Record<string, Json>>[];
  return JSON.stringify(a?.[key]) === JSON.stringify(b?.[key]);
}

function fail(stack: Stack, work: Work, failed: readonly string[]): void {
  const list = `[${failed.join(', ')}]`;
  switch (work.phase) {
    case 'create':
      enter(
        stack,
        'ROLLBACK_IN_PROGRESS',
        `The following resource(s) failed to create: ${list}. Rollback requested by user.`,
      );
      work.phase = 'rollback';
      work.todo = Object.values(stack.resources)
        .filter(({ physicalId }) => physicalId !== '')
        .map(({ logicalId, physicalId, definition }) => ({
          logicalId,
          physicalId,
          definition,
          act: 'delete',
          begun: false,
        }));
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
      work.leaving = Object.values(stack.resources)
        .filter(({ logicalId, physicalId }) => !work.before[logicalId] && physicalId !== '')
        .map(({ logicalId, physicalId, definition }) => ({
          logicalId,
          physicalId,
          definition,
          act: 'delete',
          begun: false,
        }));
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

function finishPhase(state: State, stack: Stack, work: Work): void {
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
