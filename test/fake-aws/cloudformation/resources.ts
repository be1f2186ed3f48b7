import { tell } from './events.ts';
import { KINDS } from './kinds.ts';
import type { Item, Json, Stack, State, Work } from './model.ts';
import { resolve } from './resolve.ts';

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

const ACTS = { create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const;

/** What is done to a resource begins. */
export function start(stack: Stack, item: Item): void {
  item.begun = true;
  const there = stack.resources[item.logicalId];
  const about = {
    logicalId: item.logicalId,
    physicalId: item.physicalId ?? there?.physicalId ?? '',
    type: item.definition.Type,
  };
  if (there && item.physicalId === undefined) there.status = `${ACTS[item.act]}_IN_PROGRESS`;
  tell(stack, about, `${ACTS[item.act]}_IN_PROGRESS`);
  // words unverified
  if (item.act === 'update' && 'UpdatePolicy' in item.definition)
    tell(stack, about, 'UPDATE_IN_PROGRESS', 'Instance refresh in progress: 0% complete');
}

/** What is under way while something else fails. */
export function cancel(stack: Stack, item: Item): void {
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

/**
 * What is done to a resource ends.
 * @returns why it failed.
 */
export function finish(
  state: State,
  stack: Stack,
  work: Work,
  item: Item,
  witness: Witness,
): string | undefined {
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
