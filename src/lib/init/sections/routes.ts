import type { Answers } from '../answers.ts';
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
  const comment =
    first === undefined
      ? '# Which requests go where, whatever host they ask for (host: shop.example.com would take those for one alone).'
      : '# Which requests go where. Those for any other host are refused.';
  return [
    comment,
    'routes:',
    head,
    ...second,
    ...paths.flatMap(({ path, rate }) => {
      const upstream = names.get(path) ?? MAIN;
      if (rate === undefined) return [`${indent}${scalar(path)}: ${upstream}`];
      return [
        `${indent}# One client may ask ${spoken(rate)}; a second's worth more is let through at once, and then it gets 429.`,
        `${indent}${scalar(path)}:`,
        `${indent}  upstream: ${upstream}`,
        `${indent}  rate_limit: ${rate}`,
      ];
    }),
    `${indent}# All that no other path takes. More can stand here: timeout: 5s, cache, auth, websocket: true…`,
    `${indent}/: ${MAIN}`,
  ];
}

/** `20 times a second` of `20r/s`. */
function spoken(rate: string): string {
  const [count, unit] = rate.split('r/');
  return `${count} times a ${unit === 's' ? 'second' : 'minute'}`;
}
