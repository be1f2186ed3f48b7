import type { Context, Operation } from '../service.ts';
import { errorOf } from './agent.ts';
import { constraint, onlyMembers, refuse, UUID } from './refusals.ts';
import type { Operations, State, World } from './state.ts';

/** Characters that are kept of what a command prints ("GetCommandInvocation"). */
const KEPT = 24_000;
/** Characters of it that lists have ("CommandPlugin"). */
const LISTED = 2_500;

/** What has become of commands on instances. */
export function looking({ running }: World): Operations {
  const list: Operation<State> = {
    mutates: false,
    run(
      { commands },
      input: {
        CommandId?: string;
        InstanceId?: string;
        Details?: boolean;
        MaxResults?: number;
        NextToken?: string;
      },
      { region }: Context,
    ) {
      onlyMembers(input, 'CommandId', 'InstanceId', 'Details', 'MaxResults', 'NextToken');
      const { CommandId, InstanceId, Details = false, MaxResults = 50, NextToken } = input;
      if (CommandId !== undefined && !UUID.test(CommandId)) throw refuse('InvalidCommandId', 'null');
      if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 50)
        throw constraint(MaxResults, 'maxResults', 'have value less than or equal to 50');
      const all = commands
        .filter((one) => one.region === region && (CommandId === undefined || one.id === CommandId))
        .flatMap((command) =>
          command.invocations.map((instance) => ({
            command,
            invocation: running.get(command.id)!.get(instance)!,
          })),
        )
        .filter(({ invocation }) => InstanceId === undefined || invocation.instance === InstanceId);
      const from = Number(NextToken ?? 0);
      const to = from + MaxResults;
      return {
        CommandInvocations: all.slice(from, to).map(({ command, invocation }) => {
          const { instance, status, details, result } = invocation;
          const [stdout, stderr] = [result?.stdout ?? '', errorOf(invocation)];
          const output = stderr === '' ? stdout : `${stdout}\n----------ERROR-------\n${stderr}`;
          return {
            CommandId: command.id,
            InstanceId: instance,
            Comment: command.comment,
            DocumentName: 'AWS-RunShellScript',
            Status: status,
            StatusDetails: details,
            CommandPlugins: Details
              ? [
                  {
                    Name: 'aws:runShellScript',
                    Status: status,
                    StatusDetails: details,
                    ResponseCode: result?.code ?? -1,
                    Output:
                      output.length > LISTED
                        ? `${output.slice(0, LISTED - 30)}\n---Output truncated---`
                        : output,
                  },
                ]
              : [],
          };
        }),
        ...(to < all.length ? { NextToken: String(to) } : {}),
      };
    },
  };

  const get: Operation<State> = {
    mutates: false,
    run({ commands }, { CommandId = '', InstanceId = '' }: { CommandId?: string; InstanceId?: string }) {
      if (!UUID.test(CommandId)) throw refuse('InvalidCommandId', 'null');
      const invocation = commands.some(({ id }) => id === CommandId)
        ? running.get(CommandId)?.get(InstanceId)
        : undefined;
      if (invocation === undefined) throw refuse('InvocationDoesNotExist', 'null');
      const { status, details, result } = invocation;
      return {
        CommandId,
        InstanceId,
        DocumentName: 'AWS-RunShellScript',
        Status: status,
        StatusDetails: details,
        ResponseCode: result?.code ?? -1,
        StandardOutputContent: (result?.stdout ?? '').slice(0, KEPT),
        StandardErrorContent: errorOf(invocation).slice(0, KEPT),
      };
    },
  };

  return { ListCommandInvocations: list, GetCommandInvocation: get };
}
