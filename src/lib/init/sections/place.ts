import type { Answers } from '../answers.ts';
import { comment } from '../comments.ts';
import { scalar } from '../scalar.ts';
import { fleetLines } from './fleet.ts';

/** Where it runs. */
export function placeLines(answers: Answers): string[] {
  const { provider, nodes, regions, instances, sshFrom, fleet } = answers;
  if (provider === 'ssh')
    return [
      ...comment('It runs on machines that are there, which lbctl reaches by your own ssh.'),
      'provider: ssh',
      'nodes:',
      ...nodes.map((node) => `  - ${scalar(node)}`),
    ];
  if (provider === 'lightsail')
    return [
      ...comment('It runs on instances of Lightsail that lbctl makes; `lbctl plan` tells their price.'),
      'provider: lightsail',
      `regions: [${regions.join(', ')}]`,
      'lightsail:',
      ...(instances === 1 ? [] : [`  instances: ${instances} # in each Region`]),
      ...comment('Who may log in at port 22, by which releases come; all others are kept out.', '  '),
      '  ssh_from:',
      ...sshFrom.map((address) => `    - ${scalar(address)}`),
    ];
  if (fleet) return fleetLines(answers, fleet);
  return [
    ...comment(
      'It runs on this machine. The same file does elsewhere, too: ssh (machines that you have), lightsail or ec2.',
    ),
    'provider: local',
  ];
}
