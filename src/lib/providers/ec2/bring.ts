import { randomUUID } from 'node:crypto';
import type { Happened } from '../../aws/cloudformation/model.ts';
import type { Stacks } from '../../aws/cloudformation/stacks.ts';
import { codeOf } from '../../aws/failure.ts';
import { UserError } from '../../errors.ts';
import { isInline } from '../../render/cloudformation/write.ts';
import { failedIn, stackFailure } from './failure.ts';
import { follow, isDone } from './follow.ts';
import { standingOf } from './standing.ts';
import {
  hasTags,
  CHANGE_SET,
  propose,
  type RegionWorld,
  type Send,
  stackOf,
  type WantedStack,
} from './world.ts';

/** What it takes beside CloudFormation. */
export interface Tools {
  readonly stacks: Stacks;
  readonly send: Send;
  /** Tells whoever looks on. */
  tell(text: string): void;
  /** Told of a bucket of releases that is there, so that nodes find in it what they are to serve. */
  fill(bucket: string): Promise<void>;
  /** Deletes all that is in a bucket, which keeps it from being deleted. */
  empty(bucket: string): Promise<void>;
}

/** Times that a stack is looked at anew after something has ended: each brings it nearer, none goes round. */
const ROUNDS = 6;

/** Brings a stack to what it should be, from wherever it stands; the change set that was shown is the one that is taken. */
export async function bringStack(wanted: WantedStack, seen: RegionWorld, tools: Tools): Promise<void> {
  const { stacks } = tools;
  let proposed = seen.standing === 'settled' && seen.changes !== null && seen.changes.length > 0;
  for (let round = 0; round < ROUNDS; round++) {
    const stack = await stackOf(stacks, wanted);
    switch (standingOf(stack?.status ?? null)) {
      case 'busy': {
        tools.tell(`waits for what is under way: ${stack!.status}`);
        await listen({ id: stack!.id }, wanted.name, tools);
        continue;
      }
      case 'stuck':
        await unstick(wanted, stack!.id, tools);
        continue;
      case 'dead':
        await removeStack(wanted, stack!.id, tools);
        continue;
      case 'none':
        if (isInline(wanted.template)) {
          await propose(stacks, wanted, 'CREATE', tools.send);
          await execute('create', wanted, tools);
          break;
        }
        tools.tell('makes its bucket first, by which the template comes');
        await propose(stacks, { ...wanted, template: wanted.seed }, 'CREATE', tools.send);
        await execute('create', wanted, tools);
        continue;
      case 'settled':
        if (!proposed && (await isUpToDate(wanted, tools))) break;
        proposed = true;
        await execute('change', wanted, tools);
    }
    const now = await stackOf(stacks, wanted);
    if (now && now.isProtected !== wanted.isProtected) await stacks.protect(wanted.name, wanted.isProtected);
    return;
  }
  throw new UserError(
    'failed',
    'stack-restless',
    `${wanted.name} in ${stacks.region} does not come to rest`,
    {
      hint: 'see who else works on it, and run the command again',
    },
  );
}

/** Whether there is nothing to change any more; else there is a change set for it. */
async function isUpToDate(wanted: WantedStack, { stacks, send }: Tools): Promise<boolean> {
  if ((await stacks.template(wanted.name)) === wanted.template) {
    const stack = await stackOf(stacks, wanted);
    if (stack && hasTags(stack, wanted)) return true;
  }
  return (await propose(stacks, wanted, 'UPDATE', send)).length === 0;
}

async function execute(doing: 'create' | 'change', wanted: WantedStack, tools: Tools): Promise<void> {
  const { stacks } = tools;
  const { name } = wanted;
  const { region } = stacks;
  const token = `lbctl-${randomUUID()}`;
  const { id } = (await stacks.stack(name))!;
  try {
    await stacks.execute(name, CHANGE_SET, token);
  } catch (error) {
    // our own answer may have been lost, and the call made again
    const begun = await stacks.events(id, (event) => event.token !== token);
    if (begun.length === 0) throw refusedExecution(error, name, region);
  }
  const { status, events } = await listen({ id, token }, name, tools);
  if (!isDone(status)) throw stackFailure({ doing, name, id, region, status }, events);
}

function refusedExecution(error: unknown, name: string, region: string): unknown {
  if (!/^(?:ChangeSetNotFound|InvalidChangeSetStatus)/u.test(codeOf(error) ?? '')) return error;
  return new UserError('failed', 'overtaken', `somebody else works on the stack ${name} in ${region}`, {
    hint: 'run the command again: it shows what is left to do',
    cause: error,
  });
}

/** Goes the way back to its end that has failed. */
async function unstick({ name }: WantedStack, id: string, tools: Tools): Promise<void> {
  const { stacks } = tools;
  tools.tell('goes on with the way back that failed');
  const token = `lbctl-${randomUUID()}`;
  await stacks.goBack(name, token);
  const { status, events } = await listen({ id, token }, name, tools);
  if (standingOf(status) !== 'stuck') return;
  const { region } = stacks;
  const error = stackFailure({ doing: 'take back', name, id, region, status }, events);
  const failed = new Set(failedIn(id, events).map(({ logicalId }) => logicalId));
  throw new UserError(error.kind, error.code, error.message, {
    evidence: error.evidence,
    hint: `mend what it says, and run the command again; where that cannot be, leave the resource as it is: aws cloudformation continue-update-rollback --stack-name ${name} --region ${region} --resources-to-skip ${[...failed].join(' ') || 'LOGICAL_ID'}`,
  });
}

/**
 * Deletes a stack with all that keeps it from going.
 * @throws UserError `failed` where something stays.
 */
export async function removeStack(
  { name }: Pick<WantedStack, 'name'>,
  id: string,
  tools: Tools,
): Promise<void> {
  const { stacks } = tools;
  const { region } = stacks;
  for (let attempts = 1; ; attempts++) {
    const state = await stacks.stack(id);
    if (state === null || state.status === 'DELETE_COMPLETE') return;
    if (standingOf(state.status) === 'busy' && state.status !== 'DELETE_IN_PROGRESS') {
      tools.tell(`waits for what is under way: ${state.status}`);
      await listen({ id }, name, { ...tools, fill: async () => undefined });
      continue;
    }
    if (state.isProtected) await stacks.protect(name, false);
    for (const { type, physicalId, status } of await stacks.resources(id))
      if (type === 'AWS::S3::Bucket' && physicalId !== '' && status !== 'DELETE_COMPLETE') {
        tools.tell(`empties the bucket ${physicalId}`);
        await tools.empty(physicalId);
      }
    const token = `lbctl-${randomUUID()}`;
    const isGoing = state.status === 'DELETE_IN_PROGRESS';
    if (!isGoing) await stacks.remove(name, token);
    const { status, events } = await listen({ id, token: isGoing ? undefined : token }, name, tools);
    if (status === 'DELETE_COMPLETE') return;
    // whatever came into the bucket meanwhile goes with the next attempt
    if (attempts === 2) throw stackFailure({ doing: 'delete', name, id, region, status }, events);
  }
}

/** Follows an operation, tells of it, and fills the bucket as soon as it is there. */
function listen(
  which: { readonly id: string; readonly token?: string | undefined },
  name: string,
  tools: Tools,
): ReturnType<typeof follow> {
  return follow(tools.stacks, which, async (event) => {
    const text = wordsOf(event, name);
    if (text !== undefined) tools.tell(text);
    const { type, logicalId, status, physicalId } = event;
    if (type === 'AWS::S3::Bucket' && logicalId === 'Releases' && status === 'CREATE_COMPLETE')
      await tools.fill(physicalId);
  });
}

const DONE: Readonly<Record<string, string>> = {
  CREATE_COMPLETE: '+',
  UPDATE_COMPLETE: '~',
  DELETE_COMPLETE: '-',
};

/** What people hear of an event; undefined where it is of no interest to them. */
function wordsOf({ logicalId, type, status, reason }: Happened, name: string): string | undefined {
  if (logicalId === name)
    return status.endsWith('ROLLBACK_IN_PROGRESS') && reason !== 'User Initiated'
      ? `goes back: ${reason ?? status}`
      : undefined;
  const what = `${logicalId} (${type.replace(/^AWS::/u, '')})`;
  if (status.endsWith('_FAILED')) return `${what} failed: ${reason ?? status}`;
  // nodes are replaced one after the other, for many minutes
  if (type === 'AWS::AutoScaling::AutoScalingGroup' && status === 'UPDATE_IN_PROGRESS' && reason !== null)
    return `${what}: ${reason}`;
  return DONE[status] === undefined ? undefined : `${DONE[status]} ${what}`;
}
