import { architectureOf } from '../../balancer/ec2.ts';
import { IMAGES, instanceType, MOST_NODES } from '../../balancer/schema/ec2.ts';
import type { Given, Question } from '../question.ts';
import { listComplaint, numberComplaint, wordsOf } from '../words.ts';
import { isOn } from './where.ts';

const isFleet = (given: Given): boolean => isOn(given, 'ec2');

/** What people know the images by. */
const SYSTEMS: Readonly<Record<(typeof IMAGES)[number], string>> = {
  amazon_linux_2023: "Amazon's own",
  debian_12: 'Debian, bookworm',
  debian_13: 'Debian, trixie',
  ubuntu_24_04: 'Ubuntu, noble',
};

/** The nodes of a group on EC2. */
export const fleet: readonly Question[] = [
  {
    id: 'instances',
    ask: 'How many nodes in each Region?',
    about: 'A number, or the fewest and the most, as 2-6: then there are as many as their CPU takes.',
    asked: isFleet,
    belongs: '--provider lightsail or ec2',
    byDefault: () => '2',
    complaint: nodesComplaint,
  },
  {
    id: 'instance-type',
    ask: 'Of which instance type?',
    asked: isFleet,
    belongs: '--provider ec2',
    suggestions: () => [
      { value: 't4g.small', label: '2 vCPUs in bursts, 2 GiB, Graviton' },
      { value: 't3.small', label: '2 vCPUs in bursts, 2 GiB, x86_64' },
      { value: 'c7g.medium', label: '1 vCPU at all times, 2 GiB, Graviton' },
      { value: 'c7i.large', label: '2 vCPUs at all times, 4 GiB, x86_64' },
    ],
    byDefault: () => 't4g.small',
    complaint: typesComplaint,
  },
  {
    id: 'image',
    ask: 'With which system?',
    asked: isFleet,
    belongs: '--provider ec2',
    choices: () => IMAGES.map((value) => ({ value, label: SYSTEMS[value] })),
    byDefault: () => 'amazon_linux_2023',
    complaint: () => undefined,
  },
];

/** `2` and `2-6` as the fewest and the most. */
export function nodesIn(text: string): { readonly min: number; readonly max: number } {
  const [min, max = min] = text.split('-').map(Number);
  return { min: min!, max: max! };
}

function nodesComplaint(text: string): string | undefined {
  const [, fewest = text, most] = /^([^-]*)-([^-]*)$/u.exec(text) ?? [];
  const wrong =
    numberComplaint(fewest, 1, MOST_NODES) ??
    (most === undefined ? undefined : numberComplaint(most, 1, MOST_NODES));
  if (wrong !== undefined) return wrong;
  const { min, max } = nodesIn(text);
  return min > max ? `${min} is more than ${max}` : undefined;
}

function typesComplaint(text: string): string | undefined {
  const wrong = listComplaint(instanceType, text, 'name one type at least, such as t4g.small');
  if (wrong !== undefined) return wrong;
  const [first = '', ...more] = wordsOf(text);
  const odd = more.find((type) => architectureOf(type) !== architectureOf(first));
  return odd === undefined
    ? undefined
    : `${odd} is for ${architectureOf(odd)} and ${first} for ${architectureOf(first)}, and one image is for one of them`;
}
