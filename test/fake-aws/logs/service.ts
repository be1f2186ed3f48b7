import { AwsError } from '../errors.ts';
import { json } from '../protocols/json.ts';
import { defineService } from '../service.ts';

interface State {
  /** Messages by group, then by stream. */
  readonly groups: Record<string, Record<string, string[]>>;
}

interface Input {
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  readonly logEvents?: readonly { readonly timestamp: number; readonly message: string }[];
}

/** Milliseconds that events may lie in the past and in the future, and events that a call takes ("PutLogEvents"). */
const PAST = 14 * 86_400_000;
const FUTURE = 2 * 3_600_000;
const MOST = 10_000;

const refuse = (code: string, message: string): AwsError => new AwsError(400, code, message);

function groupIn({ groups }: State, { logGroupName = '' }: Input): Record<string, string[]> {
  const group = groups[logGroupName];
  if (group === undefined)
    throw refuse('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

/** CloudWatch Logs as far as nodes write there. */
export function fakeLogs(groups: readonly string[]) {
  return defineService<State>({
    name: 'logs',
    protocol: json('Logs_20140328'),
    state: { groups: Object.fromEntries(groups.map((name) => [name, {}])) },
    operations: {
      CreateLogStream: {
        mutates: true,
        run(state, input: Input) {
          const group = groupIn(state, input);
          const { logStreamName: name = '' } = input;
          if (!/^[^:*]{1,512}$/u.test(name))
            throw refuse('InvalidParameterException', 'logStreamName is not of its pattern');
          if (group[name] !== undefined)
            throw refuse('ResourceAlreadyExistsException', 'The specified log stream already exists');
          group[name] = [];
          return {};
        },
      },
      PutLogEvents: {
        mutates: true,
        run(state, input: Input, { now }) {
          const stream = groupIn(state, input)[input.logStreamName ?? ''];
          if (stream === undefined)
            throw refuse('ResourceNotFoundException', 'The specified log stream does not exist.');
          const { logEvents: events = [] } = input;
          if (events.length === 0 || events.length > MOST || events.some(({ message }) => message === ''))
            throw refuse('InvalidParameterException', '1 validation error detected: events');
          for (const { timestamp } of events)
            if (timestamp < now.getTime() - PAST || timestamp > now.getTime() + FUTURE)
              throw refuse('InvalidParameterException', 'Log events are too old or too new');
          stream.push(...events.map(({ message }) => message));
          return { nextSequenceToken: String(stream.length) };
        },
      },
    },
    inventory: ({ groups }) => groups,
  });
}
