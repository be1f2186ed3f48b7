import {
  CancelCommandCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, test } from 'vitest';
import { startFakeAws } from '../server.ts';
import { fakeSsm } from './service.ts';

const id = (n: number): string => `i-${n.toString(16).padStart(17, '0')}`;

let ssm: ReturnType<typeof fakeSsm>;
let client: SSMClient;

beforeEach(async () => {
  ssm = fakeSsm();
  const { url, credentials } = await startFakeAws([ssm]);
  client = new SSMClient({ endpoint: url, credentials, region: 'eu-west-1', maxAttempts: 1 });
  for (let n = 1; n <= 12; n++)
    ssm.register({
      id: id(n),
      region: 'eu-west-1',
      execute: async (script) => ({
        code: n === 2 ? 7 : 0,
        stdout: script.repeat(20),
        stderr: n === 2 ? 'no\n' : '',
      }),
    });
});

const send = (more: Partial<SendCommandCommandInput> = {}) =>
  client.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [id(1)],
      Parameters: { commands: ['true'] },
      ...more,
    }),
  );

describe('SendCommand refuses', () => {
  test.each<[string, Partial<SendCommandCommandInput>, string, RegExp]>([
    [
      'more than 50',
      { InstanceIds: Array.from({ length: 51 }, (_, n) => id(n)) },
      'ValidationException',
      /less than or equal to 50/u,
    ],
    ['names that are none', { InstanceIds: ['shop-1'] }, 'ValidationException', /regular expression/u],
    ['the same twice', { InstanceIds: [id(1), id(1)] }, 'DuplicateInstanceId', /null/u],
    [
      'instances without an agent',
      { InstanceIds: [id(1), id(99)] },
      'InvalidInstanceId',
      /^Instances \[\[i-00000000000000063\]\] not in a valid state/u,
    ],
    ['a timeout below 30', { TimeoutSeconds: 29 }, 'ValidationException', /timeoutSeconds/u],
    [
      'an execution that is too long',
      { Parameters: { commands: ['true'], executionTimeout: ['172801'] } },
      'InvalidParameters',
      /executionTimeout/u,
    ],
    ['no command', { Parameters: {} }, 'InvalidParameters', /parameters/u],
    [
      'parameters that are too long',
      { Parameters: { commands: ['x'.repeat(70_000)] } },
      'MaxDocumentSizeExceeded',
      /64 KB/u,
    ],
    ['MaxConcurrency of 0', { MaxConcurrency: '0' }, 'ValidationException', /maxConcurrency/u],
    ['a long comment', { Comment: 'x'.repeat(101) }, 'ValidationException', /comment/u],
    [
      'documents that it has not',
      { DocumentName: 'AWS-RunPowerShellScript' },
      'InvalidDocument',
      /does not exist/u,
    ],
  ])('%s', async (_, more, name, message) => {
    await expect(send(more)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
    });
    expect(ssm.commands()).toStrictEqual([]);
  });
});

test('what is printed is cut, and shorter in lists', async () => {
  const { Command } = await send({
    InstanceIds: [id(1), id(2)],
    Parameters: { commands: ['x'.repeat(2000)] },
  });
  const CommandId = Command!.CommandId!;
  const list = () => client.send(new ListCommandInvocationsCommand({ CommandId, Details: true }));
  await expect
    .poll(async () => (await list()).CommandInvocations!.map(({ Status }) => Status))
    .toStrictEqual(['Success', 'Failed']);
  const [first] = (await list()).CommandInvocations!;
  expect(first!.CommandPlugins![0]!.Output!).toMatch(/^x{2470}\n---Output truncated---$/u);
  const got = await client.send(new GetCommandInvocationCommand({ CommandId, InstanceId: id(2) }));
  expect([got.StandardOutputContent!.length, got.StandardErrorContent, got.ResponseCode]).toStrictEqual([
    24_000,
    'no\nfailed to run commands: exit status 7',
    7,
  ]);
  await expect(
    client.send(new GetCommandInvocationCommand({ CommandId, InstanceId: id(3) })),
  ).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
});

test('a command that is cancelled stays so', async () => {
  let end: () => void = () => undefined;
  ssm.register({
    id: id(1),
    region: 'eu-west-1',
    execute: () => new Promise((resolve) => (end = () => resolve({ code: 0, stdout: '', stderr: '' }))),
  });
  const { Command } = await send();
  const { CommandId } = Command!;
  await client.send(new CancelCommandCommand({ CommandId }));
  end();
  const { CommandInvocations } = await client.send(new ListCommandInvocationsCommand({ CommandId }));
  expect(CommandInvocations!.map(({ Status }) => Status)).toStrictEqual(['Cancelled']);
});

test('instances are listed in pages', async () => {
  const first = await client.send(new DescribeInstanceInformationCommand({ MaxResults: 5 }));
  const second = await client.send(
    new DescribeInstanceInformationCommand({ MaxResults: 50, NextToken: first.NextToken }),
  );
  expect([first, second].map(({ InstanceInformationList }) => InstanceInformationList!.length)).toStrictEqual(
    [5, 7],
  );
  await expect(client.send(new DescribeInstanceInformationCommand({ MaxResults: 4 }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});
