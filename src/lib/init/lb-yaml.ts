import type { Answers } from './answers.ts';
import { comment } from './comments.ts';
import { dnsLines } from './sections/dns.ts';
import { placeLines } from './sections/place.ts';
import { routeLines } from './sections/routes.ts';
import { listenerLines } from './sections/listeners.ts';
import { upstreamLines } from './sections/upstreams.ts';
import { oneOrMore, scalar } from './scalar.ts';

/** The text of lb.yaml, with comments for whoever reads one for the first time. */
export function lbYaml(answers: Answers): string {
  const sections = [
    [
      ...comment(
        'What this load balancer is: `lbctl plan` shows what `lbctl up` would do about it. What is not written here has a default; `lbctl config` shows them all.',
      ),
      `name: ${scalar(answers.name)}`,
    ],
    placeLines(answers),
    listenerLines(answers),
    upstreamLines(answers),
    routeLines(answers),
    dnsLines(answers),
    alarmLines(answers),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function alarmLines({ alarms, name }: Answers): string[] {
  if (!alarms) return [];
  const { balancer, notify } = alarms;
  return [
    ...comment(
      balancer === undefined
        ? 'Alarms of CloudWatch for the load balancer and its nodes, as parts of the stack; `lbctl help alarms` tells of each.'
        : 'Alarms of CloudWatch for the Network Load Balancer in front: `lbctl alarms plan` lists them with their price.',
    ),
    'alarms:',
    ...(balancer === undefined || balancer === name ? [] : [`  balancer: ${scalar(balancer)}`]),
    ...oneOrMore('  ', 'notify', notify),
  ];
}
