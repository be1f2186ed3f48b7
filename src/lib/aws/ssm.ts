import {
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';
import { allPages } from './pages.ts';

/** What became of a command on an instance. */
export interface Invocation {
  readonly instance: string;
  /** `Pending`, `InProgress`, `Success`, `Failed`, `TimedOut`, `Cancelled`… */
  readonly status: string;
  /** More of it, such as `DeliveryTimedOut`. */
  readonly details: string;
  /** The first 2,500 characters of what it printed. */
  readonly output: string;
}

/** Run Command of Systems Manager in a Region. */
export interface RunCommand {
  /**
   * Has instances run a script of sh as root.
   * @param instances 50 at most; where one of them is not there, or its agent is not, none begins.
   * @returns the name of the command.
   */
  send(instances: readonly string[], script: string, comment: string): Promise<string>;
  /** Those that are known by now, which may lack some for a moment. */
  invocations(command: string): Promise<readonly Invocation[]>;
  /** The first 24,000 characters of what a command printed on an instance that has ended it. */
  printed(command: string, instance: string): Promise<{ readonly stdout: string; readonly stderr: string }>;
  close(): void;
}

/** Instances that one command takes. */
export const MOST_INSTANCES = 50;
/** Seconds that an instance has to take a command; 30 at least. */
const DELIVERY = 60;
/** Seconds that a command may take, the most that there may be: releases are watched for as long as somebody asks. */
const EXECUTION = 172_800;
/** Invocations on a page, at most. */
const PAGE = 50;

export function runCommandIn(region: string): RunCommand {
  const client = new SSMClient(clientOptions(region));
  const call = (doing: string, action: string) => ({ doing, action: `ssm:${action}`, region });
  return {
    send: (instances, script, comment) =>
      attempt(call('have nodes run a command', 'SendCommand'), async () => {
        const { Command } = await client.send(
          new SendCommandCommand({
            DocumentName: 'AWS-RunShellScript',
            InstanceIds: [...instances],
            Parameters: { commands: [script], executionTimeout: [String(EXECUTION)] },
            TimeoutSeconds: DELIVERY,
            // how many are in work at a time, and when it is too many that failed, is decided before
            MaxConcurrency: String(instances.length),
            MaxErrors: String(instances.length),
            Comment: comment,
          }),
        );
        return Command!.CommandId!;
      }),
    async invocations(command) {
      const all = await allPages((NextToken) =>
        attempt(call('see what a command has come to', 'ListCommandInvocations'), async () => {
          const page = await client.send(
            new ListCommandInvocationsCommand({
              CommandId: command,
              Details: true,
              MaxResults: PAGE,
              NextToken,
            }),
          );
          return { items: page.CommandInvocations, next: page.NextToken };
        }),
      );
      return all.map(({ InstanceId, Status, StatusDetails, CommandPlugins }) => ({
        instance: InstanceId!,
        status: Status!,
        details: StatusDetails ?? '',
        output: CommandPlugins?.[0]?.Output ?? '',
      }));
    },
    printed: (command, instance) =>
      attempt(call('read what a command has printed', 'GetCommandInvocation'), async () => {
        const { StandardOutputContent, StandardErrorContent } = await client.send(
          new GetCommandInvocationCommand({ CommandId: command, InstanceId: instance }),
        );
        return { stdout: StandardOutputContent ?? '', stderr: StandardErrorContent ?? '' };
      }),
    close: () => client.destroy(),
  };
}
