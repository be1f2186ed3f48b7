import { topic } from '../../balancer/schema/alarms.ts';
import type { Question } from '../question.ts';
import { listComplaint } from '../words.ts';
import { oneEach, regionsOf, topicsOf } from './regions.ts';
import { isMade, isOn } from './where.ts';

/** What stands beside the balancer: alarms, and the hook that checks lb.yaml. */
export const beside: readonly Question[] = [
  {
    id: 'nlb',
    ask: 'Is a Network Load Balancer in front, that alarms are to watch?',
    about:
      'CloudWatch tells when it has no healthy targets, refuses connections and the like. Enter alone: none.',
    asked: (given, { balancers }) =>
      !isMade(given) && (balancers.length > 0 || given['notify'] !== undefined),
    belongs: '--provider local or ssh',
    suggestions: ({ balancers }) => balancers.map((value) => ({ value, label: '' })),
    byDefault: ({ notify, name }) => (notify === undefined ? '' : name),
    complaint: (text) =>
      text === '' || /^[A-Za-z0-9-]{1,32}$/u.test(text)
        ? undefined
        : `"${text}" must be the name of a load balancer`,
  },
  {
    id: 'notify',
    ask: 'Which SNS topic do its alarms tell?',
    about: 'Its ARN, such as arn:aws:sns:us-east-1:111122223333:ops.',
    asked: ({ nlb }) => Boolean(nlb),
    belongs: '--nlb or --provider ec2',
    suggestions: ({ topics }) => topicsOf(topics, []),
    complaint: (text) => listComplaint(topic, text, 'name one topic at least'),
  },
  {
    id: 'notify',
    ask: 'Which SNS topic do its alarms tell?',
    about:
      'Such as that no node is healthy, or that connections are refused. Its ARN, one for each Region; Enter alone: no alarms.',
    asked: (given) => isOn(given, 'ec2'),
    belongs: '--nlb or --provider ec2',
    suggestions: ({ topics }, given) => topicsOf(topics, regionsOf(given)),
    byDefault: () => '',
    complaint: (text, given) => (text === '' ? undefined : oneEach(topic, text, regionsOf(given), 'topic')),
  },
  {
    id: 'pre-commit',
    ask: 'Check lb.yaml before each commit?',
    about: 'An entry in .pre-commit-config.yaml, for the tool pre-commit; what stands there stays.',
    asked: (_, { inGit }) => inGit,
    choices: () => [
      { value: 'no', label: 'no' },
      { value: 'yes', label: 'yes, by pre-commit' },
    ],
    byDefault: () => 'no',
    complaint: () => undefined,
  },
];
