import { constraint, onlyMembers, refuse } from './refusals.ts';

/** Instances that a command is sent to ("SendCommand"). */
const MOST_INSTANCES = 50;
/** Bytes of all parameters (unverified: that of a document is what is documented). */
const PARAMETERS = 65_536;

const INSTANCE = /^(?:i-(?:\w{8}|\w{17})|mi-\w{17})$/u;
const AMOUNT = /^(?:[1-9]\d*|[1-9]\d?%|100%)$/u;
const ERRORS = /^(?:0|[1-9]\d*|\d\d?%|100%)$/u;
const EXECUTION = /^(?:[1-9]\d{0,4}|1[0-6]\d{4}|17[01]\d{3}|172[0-7]\d{2}|172800)$/u;

export interface SendInput {
  readonly InstanceIds?: readonly string[];
  readonly DocumentName?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
  readonly TimeoutSeconds?: number;
  readonly MaxConcurrency?: string;
  readonly MaxErrors?: string;
  readonly Comment?: string;
}

/** What the service sees wrong by itself, before any instance is asked. */
export function checkSend(input: SendInput): { instances: readonly string[]; script: string } {
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
