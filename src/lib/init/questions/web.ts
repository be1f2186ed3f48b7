import { HEALTH_PORTS } from '../../balancer/ec2.ts';
import { hostName } from '../../balancer/schema/values.ts';
import type { Given, Question } from '../question.ts';
import { listComplaint, numberComplaint, wordsOf } from '../words.ts';
import { byFile, https, isAcme } from './https.ts';
import { isOn } from './where.ts';

/** Where authorities ask for answers to http-01. */
const CHALLENGE_PORT = '80';
/** Port of NGINX's own counters, as lb.yaml has it where nothing is said. */
const COUNTERS = 8099;

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
  ...https,
  {
    id: 'port',
    ask: 'Which port takes HTTP?',
    asked: (given) => !byFile(given),
    belongs: '--https none, files or acm; with acme it is 80, where the authority asks',
    byDefault: (given) => freePort(given, isOn(given, 'local') ? 8080 : 80),
    complaint: portComplaint,
  },
  {
    id: 'https-port',
    ask: 'Which port takes HTTPS?',
    asked: (given) => given['https'] !== 'none',
    belongs: '--https acme, acm or files',
    byDefault: (given) => freePort(given, isOn(given, 'local') && !isAcme(given) ? 8443 : 443, portOf(given)),
    complaint: (text, given) =>
      portComplaint(text, given) ?? (text === portOf(given) ? `port ${text} takes HTTP already` : undefined),
  },
];

/** The port of HTTP, which nobody is asked for where it must be one. */
export function portOf(given: Given): string {
  return byFile(given) ? CHALLENGE_PORT : (given['port'] ?? '');
}

function portComplaint(text: string, given: Given): string | undefined {
  const wrong = numberComplaint(text, 1, 65535);
  if (wrong !== undefined) return wrong;
  const port = Number(text);
  if (port === COUNTERS) return `port ${port} has the counters of NGINX`;
  if (isOn(given, 'ec2') && HEALTH_PORTS.some((own) => own === port))
    return `port ${port} of nodes tells the load balancer whether they are alive`;
  if (port === 22 && isOn(given, 'lightsail')) return 'port 22 of the instances is for ssh';
  return ownPorts(given).includes(port) ? `a server has port ${port}` : undefined;
}

/** The first port from one on that has nothing against it. */
function freePort(given: Given, from: number, taken?: string): string {
  let port = from;
  while (String(port) === taken || portComplaint(String(port), given) !== undefined) port++;
  return String(port);
}

/** Ports of servers beside NGINX on its machine. */
function ownPorts({ server }: Given): readonly number[] {
  return wordsOf(server).flatMap((address) => {
    const [, port] = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):(\d+)$/u.exec(address) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
}
