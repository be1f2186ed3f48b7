import { randomUUID } from 'node:crypto';
import type { Operation as Shape, OperationType, RegionName, ResourceType } from '@aws-sdk/client-lightsail';
import type { Context, Operation } from '../service.ts';
import type { Checked } from './model.ts';
import { ask, begin, type Wait } from './later.ts';
import type { Settings } from './settings.ts';
import type { Running, State } from './state.ts';

export type Operations = Readonly<Record<string, Operation<State>>>;

type Run<Input> = (state: State, input: Checked<Input>, context: Context) => unknown;

export const reads = <Input>(run: Run<Input>): Operation<State> => ({ mutates: false, run });
export const changes = <Input>(run: Run<Input>): Operation<State> => ({ mutates: true, run });

/** How many the service keeps in mind here. */
const KEPT = 500;

export interface Deed {
  readonly type: OperationType | 'CreateDomainEntry' | 'UpdateDomainEntry' | 'TagResource' | 'UntagResource';
  readonly name: string;
  readonly of: ResourceType;
  readonly zone?: string;
  readonly details?: string;
  /** Until it is told that it is done; at once when left out. */
  readonly wait?: Wait;
}

/**
 * Does something and keeps an operation for each thing that it is done to. What it changes is there at once, whatever the
 * status of the operation; the effect of one that will fail never comes.
 */
export function perform(
  state: State,
  context: Context,
  { failures }: Settings,
  deeds: readonly Deed[],
  effect: () => void,
): Shape[] {
  const planned = failures.findIndex(({ type }) => type === deeds[0]!.type);
  const [fault] = planned < 0 ? [] : failures.splice(planned, 1);
  if (fault === undefined) effect();
  const operations = deeds.map((deed) => keep(deed, context, fault));
  state.operations.unshift(...operations);
  state.operations.splice(KEPT);
  return operations.map(show);
}

function keep(deed: Deed, context: Context, fault: Settings['failures'][number] | undefined): Running {
  const wait = deed.wait ?? (fault === undefined ? undefined : 0);
  return {
    shape: {
      id: randomUUID(),
      resourceName: deed.name,
      resourceType: deed.of,
      createdAt: context.now,
      location: {
        availabilityZone: deed.zone ?? 'all',
        regionName: (deed.of === 'Domain' ? 'global' : context.region) as RegionName,
      },
      ...(deed.details === undefined ? {} : { operationDetails: deed.details }),
      operationType: deed.type as OperationType,
      statusChangedAt: context.now,
    },
    wait: wait === undefined ? undefined : begin(wait, context),
    fault: fault && { errorCode: fault.errorCode, errorDetails: fault.errorDetails },
  };
}

/** As it stands now. */
function show({ shape, wait, fault }: Running): Shape {
  if (wait !== undefined) return { ...shape, isTerminal: false, status: 'Started' };
  if (fault !== undefined) return { ...shape, isTerminal: true, status: 'Failed', ...fault };
  return { ...shape, isTerminal: true, status: 'Succeeded' };
}

/** As it stands when it is asked for. */
export function look(running: Running, context: Context): Shape {
  if (running.wait !== undefined) {
    const { done, wait } = ask(running.wait, context);
    running.wait = done ? undefined : wait;
  }
  return show(running);
}
