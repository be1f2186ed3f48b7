import type { Answers } from '../answers.ts';
import { comment } from '../comments.ts';
import { scalar } from '../scalar.ts';
import { MAIN, upstreamNames } from './upstreams.ts';

/** Which requests go where. */
export function routeLines(answers: Answers): string[] {
  const { hosts, paths } = answers;
  const names = upstreamNames(answers);
  const [first, ...more] = hosts.map(scalar);
  const [head, second, indent] =
    first === undefined
      ? ['  - paths:', [], '      ']
      : [
          `  - host: ${more.length === 0 ? first : `[${[first, ...more].join(', ')}]`}`,
          ['    paths:'],
          '      ',
        ];
  const about =
    first === undefined
      ? 'Which requests go where, whatever host they ask for; with host: shop.example.com, those for one alone.'
      : 'Which requests go where. Those for any other host are refused.';
  return [
    ...comment(about),
    'routes:',
    head,
    ...second,
    ...paths.flatMap(({ path, rate }) => {
      const upstream = names.get(path) ?? MAIN;
      if (rate === undefined) return [`${indent}${scalar(path)}: ${upstream}`];
      return [
        ...comment(
          `One client may ask ${spoken(rate)}; a second's worth more is let through at once, and then it gets 429.`,
          indent,
        ),
        `${indent}${scalar(path)}:`,
        `${indent}  upstream: ${upstream}`,
        `${indent}  rate_limit: ${rate}`,
      ];
    }),
    ...comment(
      'All that no other path takes. A path can have more: timeout: 5s, websocket: true, cache, auth.',
      indent,
    ),
    `${indent}/: ${MAIN}`,
  ];
}

/** `20 times a second` of `20r/s`. */
function spoken(rate: string): string {
  const [count, unit] = rate.split('r/');
  return `${count} times a ${unit === 's' ? 'second' : 'minute'}`;
}
