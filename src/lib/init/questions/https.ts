import { acmCertificate, acmeEmail, hostedZoneId } from '../../balancer/schema/listeners.ts';
import { file } from '../../balancer/schema/values.ts';
import type { Choice, Given, Question } from '../question.ts';
import { complaintOf, wordsOf } from '../words.ts';
import { certificatesOf, oneEach, regionsOf } from './regions.ts';
import { isOn } from './where.ts';

/** Most hosts that Let's Encrypt puts into a certificate. */
const MOST_HOSTS = 100;

export const isAcme = ({ https: how }: Given): boolean => how === 'acme';
const wildcard = ({ host }: Given): boolean => wordsOf(host).some((name) => name.startsWith('*.'));
/** A certificate that is shown to be ours by a file which the authority fetches. */
export const byFile = (given: Given): boolean => isAcme(given) && !wildcard(given);

/** Whether it is reached by HTTPS, and where certificates come from. */
export const https: readonly Question[] = [
  {
    id: 'https',
    ask: 'Is it reached by HTTPS?',
    asked: () => true,
    choices: httpsChoices,
    byDefault: usualWay,
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
    id: 'acm',
    ask: 'Which certificate of ACM?',
    about:
      'By its ARN, one for each Region: aws acm list-certificates tells which there are, aws acm request-certificate orders one.',
    asked: ({ https: how }) => how === 'acm',
    belongs: '--https acm',
    suggestions: ({ certificates }, given) =>
      certificatesOf(certificates, regionsOf(given), wordsOf(given['host'])),
    complaint: (text, given) =>
      text === ''
        ? 'name one certificate at least; while there is none, go without HTTPS (Esc leads back to it)'
        : oneEach(acmCertificate, text, regionsOf(given), 'certificate'),
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
];

/** Plain HTTP where there is nothing that a certificate could be for. */
function usualWay(given: Given): string {
  if (isOn(given, 'local') || wordsOf(given['host']).length === 0) return 'none';
  if (isOn(given, 'ec2')) return 'acm';
  return httpsComplaint('acme', given) === undefined ? 'acme' : 'none';
}

function httpsChoices(given: Given): readonly Choice[] {
  const isLocal = isOn(given, 'local');
  const choices = [
    isOn(given, 'ec2')
      ? { value: 'acm', label: 'yes, with a certificate of ACM; the load balancer ends TLS' }
      : { value: 'acme', label: "yes, with free certificates by Let's Encrypt that renew themselves" },
    { value: 'files', label: 'yes, with a certificate that I have' },
    { value: 'none', label: 'no, by HTTP alone' },
  ];
  return isLocal ? choices.toReversed() : choices;
}

function httpsComplaint(text: string, given: Given): string | undefined {
  if (text === 'acm' && !isOn(given, 'ec2'))
    return 'certificates of ACM are for the load balancer of ec2 alone';
  if (text !== 'acme') return undefined;
  if (isOn(given, 'ec2'))
    return 'nodes of ec2 come and go, and cannot each get a certificate: take acm, or files';
  const { host } = given;
  const hosts = wordsOf(host);
  if (hosts.length === 0) return 'certificates are for host names, and none is named (--host)';
  if (hosts.length > MOST_HOSTS) return `a certificate is for ${MOST_HOSTS} hosts at most`;
  const odd = hosts.find((name) => name.endsWith('.*') || name.includes('_') || !name.includes('.'));
  return odd === undefined ? undefined : `no authority gives a certificate for ${odd}`;
}
