import { groupName, instancePattern } from '../../balancer/schema/discovery.ts';
import { isOnNode } from '../../balancer/ec2.ts';
import { serverAddress } from '../../balancer/schema/values.ts';
import type { Choice, Facts, Given, Question } from '../question.ts';
import { complaintOf, listComplaint, numberComplaint, wordsOf } from '../words.ts';
import { isOn } from './where.ts';

/** Whether servers are found rather than named. */
export const isFound = (given: Given): boolean => (given['servers-from'] ?? 'named') !== 'named';

/** The servers that requests go to. */
export const servers: readonly Question[] = [
  {
    id: 'servers-from',
    ask: 'How are the servers behind it known?',
    asked: (given, { instances, groups }) =>
      isOn(given, 'lightsail') ||
      (isOn(given, 'ec2') && wordsOf(given['region']).length < 2) ||
      (!isOn(given, 'ec2') && instances.length + groups.length > 0) ||
      given['discover'] !== undefined,
    belongs: '--discover, or --provider lightsail or ec2 in one Region',
    choices: waysIn,
    byDefault: (given, { instances }) =>
      given['discover'] !== undefined ||
      (instances.length > 0 && given['server'] === undefined && !isOn(given, 'ec2'))
        ? waysIn(given)[1]!.value
        : 'named',
    complaint: (text, { region }) =>
      text !== 'named' && wordsOf(region).length > 1
        ? 'servers that are found are reached from their own Region: name one Region alone'
        : undefined,
  },
  {
    id: 'server',
    ask: 'Which servers are behind it?',
    about: 'By address and port, such as 10.0.0.11:8080; with several, spaces between.',
    asked: (given) => !isFound(given),
    belongs: '--servers-from named',
    complaint: (text, given) =>
      listComplaint(serverAddress, text, 'name one server at least, such as 10.0.0.11:8080') ??
      serverComplaint(wordsOf(text), given),
  },
  {
    id: 'discover',
    ask: 'What are their names?',
    about: 'A * stands for anything: web-* finds web-1, web-2 and those that are made later.',
    asked: (given) => given['servers-from'] === 'lightsail',
    belongs: '--servers-from lightsail or group',
    suggestions: patterns,
    complaint: (text) => complaintOf(instancePattern, text),
  },
  {
    id: 'discover',
    ask: 'Which Auto Scaling group?',
    about: 'Its instances in service are the servers, by their private addresses.',
    asked: (given) => given['servers-from'] === 'group',
    belongs: '--servers-from lightsail or group',
    suggestions: ({ groups }) => groups.map((value) => ({ value, label: '' })),
    complaint: (text) => complaintOf(groupName, text),
  },
  {
    id: 'discover-port',
    ask: 'At which port do they answer?',
    asked: isFound,
    belongs: '--servers-from lightsail or group',
    byDefault: () => '8080',
    complaint: (text) => numberComplaint(text, 1, 65535),
  },
];

/** Where servers may be found: instances of Lightsail are not reached from a VPC by themselves, nor one from there. */
function waysIn(given: Given): readonly Choice[] {
  return [
    { value: 'named', label: 'I name them, by address and port' },
    ...(isOn(given, 'ec2')
      ? []
      : [{ value: 'lightsail', label: 'instances of Lightsail, found by their names at each deploy' }]),
    ...(isOn(given, 'lightsail')
      ? []
      : [{ value: 'group', label: 'an Auto Scaling group, whose instances are found at each deploy' }]),
  ];
}

/** What is wrong with servers that lb.yaml would take. */
export function serverComplaint(addresses: readonly string[], given: Given): string | undefined {
  const own = isOn(given, 'ec2') ? addresses.find(isOnNode) : undefined;
  return own === undefined
    ? portless(addresses)
    : `${own} is the node itself, on which nothing runs but NGINX`;
}

/** NGINX takes 80 where no port is said, which is seldom what was meant; and a port alone for a host. */
function portless(addresses: readonly string[]): string | undefined {
  const bare = addresses.find((address) => !address.startsWith('unix:') && !/:\d+$/u.test(address));
  if (bare === undefined) return undefined;
  return /^\d+$/u.test(bare)
    ? `${bare} is no address; write 127.0.0.1:${bare} for that port of this machine`
    : `${bare} has no port; write ${bare}:80 if that is meant`;
}

/** Patterns that take several of the instances that there are, and then each by itself. */
function patterns({ instances }: Facts): { value: string; label: string }[] {
  const families = new Map<string, string[]>();
  for (const name of instances) {
    const family = name.replace(/\d+$/u, '*');
    families.set(family, [...(families.get(family) ?? []), name]);
  }
  const several = [...families].filter(([, names]) => names.length > 1);
  return [
    ...several.map(([value, names]) => ({ value, label: `finds ${names.join(', ')}` })),
    ...instances.map((value) => ({ value, label: 'this one alone' })),
  ];
}
