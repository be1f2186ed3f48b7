import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, StackState } from '../../aws/cloudformation/model.ts';
import type { Stacks, Wish } from '../../aws/cloudformation/stacks.ts';
import { codeOf } from '../../aws/failure.ts';
import { UserError } from '../../errors.ts';
import { isInline } from '../../render/cloudformation/write.ts';
import { additionsIn } from './changes.ts';
import { type Standing, standingOf } from './standing.ts';
import { type NoticedChange, withCuts } from './traffic.ts';

/** A stack as it should be. */
export interface WantedStack {
  /** Of the balancer. */
  readonly balancer: string;
  readonly name: string;
  readonly template: string;
  /** What it is made with where that is too large for a call: the bucket by which the rest comes. */
  readonly seed: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly isProtected: boolean;
}

/** What there is in a Region, and what the template changes there. */
export interface RegionWorld {
  readonly region: string;
  readonly name: string;
  readonly stack: StackState | null;
  readonly standing: Standing;
  /** None where nothing changes; null where it cannot be told before what is under way has ended. */
  readonly changes: readonly NoticedChange[] | null;
  /** Whether lb.yaml has the Region no longer. */
  readonly isLeft?: boolean;
  /** Bytes of a template that is too large to be made at one go. */
  readonly large?: number;
  /** Whether it is there, and none of its nodes serves, as a run that was killed may leave it. */
  readonly isIdle?: boolean;
  /** Whether it should refuse to be deleted, and does not, or the other way round. */
  readonly protection: boolean | null;
}

/** Name of the change sets of lbctl: one that a run has left behind gives way to the next. */
export const CHANGE_SET = 'lbctl';
const OWNER = 'lbctl:balancer';

/** How a template gets to CloudFormation. */
export type Send = (template: string) => Promise<Wish['template']>;

/** Nothing is changed; a change set is made where the template differs, which `withdraw` or `execute` ends. */
export async function observeStack(stacks: Stacks, wanted: WantedStack, send: Send): Promise<RegionWorld> {
  const { region } = stacks;
  const { name } = wanted;
  const stack = await stackOf(stacks, wanted);
  const standing = standingOf(stack?.status ?? null);
  const world = { region, name, stack, standing, protection: null };
  if (standing === 'busy' || standing === 'stuck') return { ...world, changes: null };
  if (standing !== 'settled')
    return {
      ...world,
      changes: additionsIn(wanted.template),
      ...(isInline(wanted.template) ? {} : { large: Buffer.byteLength(wanted.template) }),
    };
  const made = await stacks.template(name);
  const isSame = made === wanted.template && hasTags(stack!, wanted);
  const proposed = isSame ? [] : await propose(stacks, wanted, 'UPDATE', send);
  const changes = withCuts(proposed, made, wanted.template);
  const protection = stack!.isProtected === wanted.isProtected ? null : wanted.isProtected;
  return { ...world, changes, protection };
}

/** The stack of a balancer; null where there is none. */
export async function stackOf(
  stacks: Stacks,
  { name, balancer }: Pick<WantedStack, 'name' | 'balancer'>,
): Promise<StackState | null> {
  const stack = await stacks.stack(name);
  // tags come with the first execution
  if (stack && stack.status !== 'REVIEW_IN_PROGRESS' && stack.tags[OWNER] !== balancer)
    throw new UserError(
      'failed',
      'name-taken',
      `there is a stack ${name} in ${stacks.region} that lbctl has not made for ${balancer}`,
      { hint: 'give the balancer another name in lb.yaml, or delete that stack' },
    );
  return stack;
}

/** Whether a stack has the tags that it should, and no others. */
export function hasTags({ tags }: StackState, wanted: WantedStack): boolean {
  const keys = [...new Set([...Object.keys(tags), ...Object.keys(wanted.tags)])];
  return keys.every((key) => tags[key] === wanted.tags[key]);
}

/** What a change set does not list: what a stack tells of itself. */
const OUTPUTS: Change = {
  action: 'Modify',
  logicalId: 'outputs',
  type: 'stack',
  replacement: null,
  details: [],
};

/** Has a change set made and waits for it. */
export async function propose(
  stacks: Stacks,
  { name, template, tags }: WantedStack,
  type: 'CREATE' | 'UPDATE',
  send: Send,
): Promise<readonly Change[]> {
  await stacks.withdraw(name, CHANGE_SET);
  try {
    await stacks.propose(name, CHANGE_SET, type, { template: await send(template), tags });
  } catch (error) {
    // our own answer was lost, and the call made again
    if (codeOf(error) !== 'AlreadyExistsException') throw error;
  }
  for (let pause = 100; ; pause = Math.min(pause * 2, 3000)) {
    const found = await stacks.proposal(name, CHANGE_SET);
    if (found) return found.isEmpty || found.changes.length > 0 ? found.changes : [OUTPUTS];
    await sleep(pause);
  }
}
