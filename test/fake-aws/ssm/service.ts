import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { json } from '../protocols/json.ts';
import { type Context, defineService, type Operation } from '../service.ts';

/** What a script did on an instance. */
export interface Executed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An instance whose agent has registered. */
export interface Managed {
  readonly id: string;
  readonly region: string;
  /** `ConnectionLost` takes no commands: they time out. */
  readonly ping?: 'Online' | 'ConnectionLost';
  /** Runs a script as root, as the agent does. */
  execute(script: string): Promise<Executed>;
}

interface Invocation {
  readonly instance: string;
  status: string;
  details: string;
  result: Executed | undefined;
}

interface Command {
  readonly id: string;
  readonly region: string;
  readonly script: string;
  readonly comment: string;
  readonly requested: number;
  readonly invocations: readonly string[];
}

interface State {
  readonly commands: Command[];
}

/** Instances that a command is sent to, and characters that are kept of what it prints ("SendCommand", "GetCommandInvocation"). */
const MOST_INSTANCES = 50;
const KEPT = 24_000;
/** Characters of it that lists have ("CommandPlugin"). */
const LISTED = 2_500;
/** Bytes of all parameters (unverified: that of a document is what is documented). */
const PARAMETERS = 65_536;

const INSTANCE = /^(?:i-(?:\w{8}|\w{17})|mi-\w{17})$/u;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const AMOUNT = /^(?:[1-9]\d*|[1-9]\d?%|100%)$/u;
const ERRORS = /^(?:0|[1-9]\d*|\d\d?%|100%)$/u;
const EXECUTION = /^(?:[1-9]\d{0,4}|1[0-6]\d{4}|17[01]\d{3}|172[0-7]\d{2}|172800)$/u;

function refuse(code: string, message: string): AwsError {
  return new AwsError(400, code, message);
}

function constraint(value: unknown, member: string, what: string): AwsError {
  return refuse(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${what}`,
  );
}

function onlyMembers(input: object, ...names: readonly string[]): void {
  for (const name of Object.keys(input))
    if (!names.includes(name)) throw refuse('ValidationException', `the fake does not know ${name}`);
}

interface SendInput {
  readonly InstanceIds?: readonly string[];
  readonly DocumentName?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
  readonly TimeoutSeconds?: number;
  readonly MaxConcurrency?: string;
  readonly MaxErrors?: string;
  readonly Comment?: string;
}

/** What the service sees wrong by itself, before any instance is asked. */
function checkSend(input: SendInput): { instances: readonly string[]; script: string } {
  onlyMembers(
    input,
    'InstanceIds',
    'DocumentName',
    'Parameters',
    'TimeoutSeconds',
    'MaxConcurrency',
    'MaxErrors',
    'Comment',
  );
  const { InstanceIds: instances = [], DocumentName, Parameters = {}, Comment = '' } = input;
  const { TimeoutSeconds = 3600, MaxConcurrency = '50', MaxErrors = '0' } = input;
  if (instances.length > MOST_INSTANCES)
    throw constraint(`[${instances.join(', ')}]`, 'instanceIds', 'have length less than or equal to 50');
  const malformed = instances.find((id) => !INSTANCE.test(id));
  if (malformed !== undefined)
    throw constraint(
      `[${instances.join(', ')}]`,
      'instanceIds',
      'satisfy regular expression pattern: (^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)',
    );
  if (instances.length === 0) throw refuse('InvalidInstanceId', 'null');
  if (new Set(instances).size < instances.length) throw refuse('DuplicateInstanceId', 'null');
  if (!Number.isInteger(TimeoutSeconds) || TimeoutSeconds < 30)
    throw constraint(TimeoutSeconds, 'timeoutSeconds', 'have value greater than or equal to 30');
  if (TimeoutSeconds > 2_592_000)
    throw constraint(TimeoutSeconds, 'timeoutSeconds', 'have value less than or equal to 2592000');
  if (!AMOUNT.test(MaxConcurrency) || MaxConcurrency.length > 7)
    throw constraint(MaxConcurrency, 'maxConcurrency', 'satisfy regular expression pattern');
  if (!ERRORS.test(MaxErrors) || MaxErrors.length > 7)
    throw constraint(MaxErrors, 'maxErrors', 'satisfy regular expression pattern');
  if (Comment.length > 100) throw constraint(Comment, 'comment', 'have length less than or equal to 100');
  if (DocumentName !== 'AWS-RunShellScript') throw refuse('InvalidDocument', 'The document does not exist.');
  const {
    commands,
    executionTimeout: [execution = '3600', ...more] = [],
    workingDirectory: _,
    ...others
  } = Parameters;
  if (commands === undefined || commands.length === 0 || Object.keys(others).length > 0 || more.length > 0)
    throw refuse('InvalidParameters', 'The parameters do not match those of the document.');
  if (!EXECUTION.test(execution))
    throw refuse('InvalidParameters', 'executionTimeout is not of its pattern.');
  if (JSON.stringify(Parameters).length > PARAMETERS)
    throw refuse('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB.');
  return { instances, script: commands.join('\n') };
}

/** Systems Manager as far as Run Command goes: instances really run what they are sent. */
export function fakeSsm() {
  const managed = new Map<string, Managed>();
  /** Of commands by their name: what becomes of them goes on beside calls. */
  const running = new Map<string, Map<string, Invocation>>();

  const online = (region: string): Managed[] => [...managed.values()].filter((one) => one.region === region);

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
      running.set(id, new Map(instances.map((one) => [one, begin(managed.get(one)!, script)])));
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

  function begin({ id, ping = 'Online', execute }: Managed, script: string): Invocation {
    const invocation: Invocation = {
      instance: id,
      status: 'InProgress',
      details: 'InProgress',
      result: undefined,
    };
    const end = (status: string, details: string, result?: Executed): void => {
      // a command that was cancelled stays so
      if (invocation.status === 'InProgress') Object.assign(invocation, { status, details, result });
    };
    // as if its time was over at once
    if (ping === 'ConnectionLost') end('TimedOut', 'DeliveryTimedOut');
    else
      void execute(script).then(
        (result) => (result.code === 0 ? end('Success', 'Success', result) : end('Failed', 'Failed', result)),
        () => end('TimedOut', 'ExecutionTimedOut', { code: null, stdout: '', stderr: '' }),
      );
    return invocation;
  }

  /** As the agent adds it where a script fails. */
  const errorOf = ({ result }: Invocation): string =>
    result === undefined || result.code === 0 || result.code === null
      ? (result?.stderr ?? '')
      : `${result.stderr}failed to run commands: exit status ${result.code}`;

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

  const describe: Operation<State> = {
    mutates: false,
    run(_, { MaxResults = 50, NextToken }: { MaxResults?: number; NextToken?: string }, { region }: Context) {
      if (!Number.isInteger(MaxResults) || MaxResults < 5 || MaxResults > 50)
        throw constraint(MaxResults, 'maxResults', 'have value greater than or equal to 5');
      const all = online(region);
      const from = Number(NextToken ?? 0);
      const to = from + MaxResults;
      return {
        InstanceInformationList: all
          .slice(from, to)
          .map(({ id, ping = 'Online' }) => ({ InstanceId: id, PingStatus: ping })),
        ...(to < all.length ? { NextToken: String(to) } : {}),
      };
    },
  };

  const service = defineService<State>({
    name: 'ssm',
    protocol: json('AmazonSSM'),
    state: { commands: [] },
    operations: {
      SendCommand: send,
      ListCommandInvocations: list,
      GetCommandInvocation: get,
      CancelCommand: cancel,
      DescribeInstanceInformation: describe,
    },
    inventory: ({ commands }) => commands.map(({ id, invocations }) => ({ id, invocations })),
  });
  return {
    ...service,
    /** Has the agent of an instance register. */
    register: (instance: Managed) => void managed.set(instance.id, instance),
    forget: (id: string) => void managed.delete(id),
    /** What was sent, and to whom. */
    commands: () => service.state().commands,
  };
}
