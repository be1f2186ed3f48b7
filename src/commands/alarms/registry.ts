import type { CommandGroup } from '../command.ts';
import { file, yes } from '../options.ts';

/** Alarms of the load balancer in front. */
export const alarms: CommandGroup = {
  name: 'alarms',
  summary: 'have CloudWatch tell when something is wrong with the Network Load Balancer in front',
  examples: [
    ['lbctl alarms plan', 'show which alarms would be made, and what they cost'],
    ['lbctl alarms apply', 'bring them to what alarms of lb.yaml says'],
    ['lbctl alarms list', 'show which are off, and since when'],
    ['lbctl alarms test', 'set one off, to see that the message arrives'],
  ],
  options: [],
  commands: [
    {
      name: 'plan',
      summary: 'show what `lbctl alarms apply` would do',
      examples: [
        ['lbctl alarms plan', 'list the steps without taking any'],
        ['lbctl alarms plan --check', 'exit 1 when something would change, for pipelines'],
      ],
      options: [file, { flags: '--check', summary: 'exit 1 when there is something to do' }],
      load: () => import('./plan.ts'),
    },
    {
      name: 'apply',
      summary: 'bring the alarms to what lb.yaml says',
      examples: [
        ['lbctl alarms apply', 'show what changes, ask, then change it'],
        ['lbctl alarms apply --yes', 'the same in a script'],
      ],
      options: [file, yes],
      load: () => import('./apply.ts'),
    },
    {
      name: 'list',
      summary: 'show the alarms of the balancer: which are off, since when and why',
      examples: [
        ['lbctl alarms list', 'a line each, those that are off first'],
        ['lbctl alarms list --json | jq .alarms[].state', 'the same for a script'],
      ],
      options: [file],
      load: () => import('./list.ts'),
    },
    {
      name: 'remove',
      summary: 'remove all alarms of the balancer',
      examples: [
        ['lbctl alarms remove', 'show them, ask, then remove them'],
        ['lbctl alarms remove --yes', 'the same in a script'],
      ],
      options: [file, yes],
      load: () => import('./remove.ts'),
    },
    {
      name: 'test',
      summary: 'set an alarm off for a moment, and see that the topic is told',
      examples: [
        ['lbctl alarms test', 'the first that is critical'],
        ['lbctl alarms test rejected-flows --yes', 'another one, in a script'],
      ],
      operands: { flags: '[alarm]', summary: 'the end of its name, such as rejected-flows' },
      options: [file, yes],
      load: () => import('./test.ts'),
    },
  ],
};
