import { acmeEmail, hostedZoneId } from '../../balancer/schema/listeners.ts';
import { file, hostName } from '../../balancer/schema/values.ts';
import type { Choice, Given, Question } from '../question.ts';
import { complaintOf, listComplaint, numberComplaint, wordsOf } from '../words.ts';
import { isOn } from './where.ts';

/** Where authorities ask for answers to http-01. */
const CHALLENGE_PORT = '80';
/** Port of NGINX's own counters, as lb.yaml has it where nothing is said. */
const COUNTERS = 8099;
/** Most hosts that Let's Encrypt puts into a certificate. */
const MOST_HOSTS = 100;

const isAcme = ({ https }: Given): boolean => https === 'acme';
const wildcard = ({ host }: Given): boolean => wordsOf(host).some((name) => name.startsWith('*.'));
/** A certificate that is shown to be ours by a file which the authority fetches. */
const byFile = (given: Given): boolean => isAcme(given) && !wildcard(given);

/** Hosts, certificates and ports. */
export const web: readonly Question[] = [
  {
    id: 'host',
    ask: 'Which host names does it answer?',
    about: 'Such as shop.example.com or *.example.com. Enter alone: all of them.',
    asked: () => true,
    byDefault: () => '',
    complaint: (text) => listComplaint(hostName, text),
  },
  {
    id: 'https',
    ask: 'Is it reached by HTTPS?',
    asked: () => true,
    choices: httpsChoices,
    byDefault: (given) => (isOn(given, 'local') || httpsComplaint('acme', given) ? 'none' : 'acme'),
    complaint: httpsComplaint,
  },
  {
    id: 'email',
    ask: "Your e-mail address for Let's Encrypt?",
    about: 'The account with the authority; there the nodes get certificates and renew them by themselves.',
    asked: isAcme,
    belongs: '--https acme',
    complaint: (text) => complaintOf(acmeEmail, text),
  },
  {
    id: 'acme-zone',
    ask: 'Which hosted zone has these hosts?',
    about:
      'A certificate for a host with a * takes a record in Route 53. The id of its zone, such as Z0123456789ABC.',
    asked: (given) => isAcme(given) && wildcard(given),
    belongs: '--https acme and a --host such as *.example.com',
    suggestions: ({ zones }) => zones.map(({ id, name }) => ({ value: id, label: name })),
    complaint: (text) => complaintOf(hostedZoneId, text),
  },
  {
    id: 'certificate',
    ask: 'Where is the certificate?',
    about: 'A PEM file with the whole chain. A relative path starts at the folder of lb.yaml.',
    asked: ({ https }) => https === 'files',
    belongs: '--https files',
    complaint: (text) => complaintOf(file, text),
  },
  {
    id: 'key',
    ask: 'Where is its private key?',
    asked: ({ https }) => https === 'files',
    belongs: '--https files',
    complaint: (text) => complaintOf(file, text),
  },
  {
    id: 'port',
    ask: 'Which port takes HTTP?',
    asked: (given) => !byFile(given),
    belongs: '--https none or files; with acme it is 80, where the authority asks',
    byDefault: (given) => freePort(given, isOn(given, 'local') ? 8080 : 80),
    complaint: portComplaint,
  },
  {
    id: 'https-port',
    ask: 'Which port takes HTTPS?',
    asked: ({ https }) => https === 'acme' || https === 'files',
    belongs: '--https acme or files',
    byDefault: (given) => freePort(given, isOn(given, 'local') && !isAcme(given) ? 8443 : 443, portOf(given)),
    complaint: (text, given) =>
      portComplaint(text, given) ?? (text === portOf(given) ? `port ${text} takes HTTP already` : undefined),
  },
];

/** The port of HTTP, which nobody is asked for where it must be one. */
export function portOf(given: Given): string {
  return byFile(given) ? CHALLENGE_PORT : (given['port'] ?? '');
}

function httpsChoices(given: Given): readonly Choice[] {
  const isLocal = isOn(given, 'local');
  const choices = [
    { value: 'acme', label: "yes, with free certificates by Let's Encrypt that renew themselves" },
    { value: 'files', label: 'yes, with a certificate that I have' },
    { value: 'none', label: 'no, by HTTP alone' },
  ];
  return isLocal ? choices.toReversed() : choices;
}

function httpsComplaint(text: string, { host }: Given): string | undefined {
  if (text !== 'acme') return undefined;
  const hosts = wordsOf(host);
  if (hosts.length === 0) return 'certificates are for host names, and none is named (--host)';
  if (hosts.length > MOST_HOSTS) return `a certificate is for ${MOST_HOSTS} hosts at most`;
  const odd = hosts.find((name) => name.endsWith('.*') || name.includes('_') || !name.includes('.'));
  return odd === undefined ? undefined : `no authority gives a certificate for ${odd}`;
}

function portComplaint(text: string, given: Given): string | undefined {
  const wrong = numberComplaint(text, 1, 65535);
  if (wrong !== undefined) return wrong;
  const port = Number(text);
  if (port === COUNTERS) return `port ${port} has the counters of NGINX`;
  if (port === 22 && isOn(given, 'lightsail')) return 'port 22 of the instances is for ssh';
  return isOn(given, 'local') && ownPorts(given).includes(port) ? `a server has port ${port}` : undefined;
}

/** The first port from one on that has nothing against it. */
function freePort(given: Given, from: number, taken?: string): string {
  let port = from;
  while (String(port) === taken || portComplaint(String(port), given) !== undefined) port++;
  return String(port);
}

/** Ports of servers on the machine of the wizard. */
function ownPorts({ server }: Given): readonly number[] {
  return wordsOf(server).flatMap((address) => {
    const [, port] = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):(\d+)$/u.exec(address) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
}
