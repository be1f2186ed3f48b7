import { randomUUID } from 'node:crypto';
import type { Context, Operation } from '../service.ts';
import { begin } from './agent.ts';
import { refuse, UUID } from './refusals.ts';
import { checkSend, type SendInput } from './send-input.ts';
import type { Operations, State, World } from './state.ts';

/** Commands are sent and cancelled. */
export function sending({ managed, running }: World): Operations {
  const send: Operation<State> = {
    mutates: true,
    run(state, input: SendInput, { region, account, now }: Context) {
      const { instances, script } = checkSend(input);
      const invalid = instances.filter((id) => managed.get(id)?.region !== region);
      if (invalid.length > 0)
        throw refuse(
          'InvalidInstanceId',
          `Instances [[${invalid.join(', ')}]] not in a valid state for account ${account}`,
        );
      const id = randomUUID();
      const command = {
        id,
        region,
        script,
        comment: input.Comment ?? '',
        requested: now.getTime(),
        invocations: instances,
      };
      state.commands.push(command);
      running.set(
        id,
        new Map(instances.map((one) => [one, begin(managed.get(one)!, script, () => managed.has(one))])),
      );
      return {
        Command: {
          CommandId: id,
          Comment: command.comment,
          DocumentName: input.DocumentName,
          InstanceIds: instances,
          Status: 'Pending',
          StatusDetails: 'Pending',
          TargetCount: instances.length,
        },
      };
    },
  };

  const cancel: Operation<State> = {
    mutates: true,
    run(
      { commands },
      { CommandId = '', InstanceIds }: { CommandId?: string; InstanceIds?: readonly string[] },
    ) {
      if (!UUID.test(CommandId) || !commands.some(({ id }) => id === CommandId))
        throw refuse('InvalidCommandId', 'null');
      for (const invocation of running.get(CommandId)!.values())
        if (invocation.status === 'InProgress' && (InstanceIds?.includes(invocation.instance) ?? true))
          Object.assign(invocation, { status: 'Cancelled', details: 'Cancelled' });
      return {};
    },
  };

  return { SendCommand: send, CancelCommand: cancel };
}
