import { balancerName } from '../../balancer/schema/balancer.ts';
import { region } from '../../balancer/schema/lightsail.ts';
import { network, sshDestination } from '../../balancer/schema/values.ts';
import type { Choice, Given, Question } from '../question.ts';
import { complaintOf, listComplaint, numberComplaint, wordsOf } from '../words.ts';

/** Where a balancer can run, in the words of the wizard. */
const HOMES: Readonly<Record<string, string>> = {
  local: 'this machine',
  ssh: 'machines that I have, reached by ssh',
  lightsail: 'instances of Amazon Lightsail that lbctl makes',
  ec2: 'a group of nodes on EC2 behind a load balancer of AWS',
};

const homes = (): readonly Choice[] => Object.entries(HOMES).map(([value, label]) => ({ value, label }));

export const isOn = (given: Given, provider: string): boolean => given['provider'] === provider;

/** Whether lbctl makes what it runs on, with its addresses. */
export const isMade = (given: Given): boolean => isOn(given, 'lightsail') || isOn(given, 'ec2');

/** Where it runs, and what that place needs to know. */
export const where: readonly Question[] = [
  {
    id: 'provider',
    ask: 'Where is the balancer to run?',
    about: 'The file is the same everywhere: it can start here and move on later.',
    asked: () => true,
    choices: homes,
    byDefault: () => 'local',
    complaint: () => undefined,
  },
  {
    id: 'name',
    ask: 'What is it called?',
    asked: () => true,
    byDefault: (_, { folder }) => nameFrom(folder),
    complaint: (text) => complaintOf(balancerName, text),
  },
  {
    id: 'node',
    ask: 'Which machines run NGINX?',
    about: 'As you write them for ssh, such as ops@lb1.example.com; with several, spaces between.',
    asked: (given) => isOn(given, 'ssh'),
    belongs: '--provider ssh',
    complaint: (text) => listComplaint(sshDestination, text, 'name one machine at least'),
  },
  {
    id: 'region',
    ask: 'In which Regions of AWS?',
    about: 'Such as eu-west-1. Each Region gets instances of its own; with several, spaces between.',
    asked: (given) => isMade(given) || (given['servers-from'] ?? 'named') !== 'named',
    belongs: '--provider lightsail or ec2, or --servers-from lightsail or group',
    byDefault: (_, facts) => facts.region,
    complaint: (text, given) =>
      listComplaint(region, text, 'name one Region at least') ??
      (wordsOf(text).length > 1 && !isMade(given) ? 'servers are found in one Region' : undefined),
  },
  {
    id: 'instances',
    ask: 'How many instances in each Region?',
    asked: (given) => isOn(given, 'lightsail'),
    belongs: '--provider lightsail or ec2',
    byDefault: () => '1',
    complaint: (text) => numberComplaint(text, 1, 20),
  },
  {
    id: 'ssh-from',
    ask: 'From where may one log in to them?',
    about:
      'Your own address, as curl https://checkip.amazonaws.com tells it, or a network such as 203.0.113.0/24. All others are kept out of port 22.',
    asked: (given) => isOn(given, 'lightsail'),
    belongs: '--provider lightsail',
    complaint: (text) => listComplaint(network, text, 'name one address at least'),
  },
];

/** A name that a folder's suggests: small letters, digits and -, as names of balancers are. */
function nameFrom(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replace(/^[^a-z]+/u, '')
    .slice(0, 32)
    .replace(/-+$/u, '');
  return name.length >= 2 ? name : 'balancer';
}
