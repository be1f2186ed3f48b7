import type { Answers, DnsAnswer, Fleet } from '../answers.ts';
import { comment } from '../comments.ts';
import { scalar } from '../scalar.ts';

/** Records of Route 53. */
export function dnsLines(answers: Answers): string[] {
  const { dns } = answers;
  if (!dns) return [];
  const [first, ...others] = dns.hosts;
  return [
    ...comment(
      'Records of Route 53, which `lbctl up` brings when the balancer serves; `lbctl dns plan` shows them by themselves.',
    ),
    'dns:',
    `  zone: ${scalar(dns.zone)}`,
    `  name: ${scalar(first!)}`,
    `  policy: ${dns.policy}`,
    ...answerLines(answers, dns),
    ...healthLines(answers, dns),
    ...(others.length === 0 ? [] : ['  # The other hosts lead to the first.', '  records:']),
    ...others.map(
      (name) => `    - { name: ${scalar(name)}, policy: simple, answers: ${scalar(`alias:${first!}`)} }`,
    ),
  ];
}

function answerLines(
  { regions, provider, fleet }: Answers,
  { policy, hosts, addresses }: DnsAnswer,
): string[] {
  const places = provider === 'lightsail' || fleet ? regions : addresses;
  switch (policy) {
    case 'latency':
      // a name beside which there are records says itself where it leads
      return hosts.length === 1 ? [] : ['  answers:', ...places.map((place) => `    ${place}: ${place}`)];
    case 'failover':
      return ['  answers:', `    primary: ${scalar(places[0]!)}`, `    secondary: ${scalar(places[1]!)}`];
    case 'weighted':
      return [
        ...comment('Shares of the clients; 0 leads nobody there.', '  '),
        '  answers:',
        ...places.map((place, index) => {
          const key = places === regions ? place : `address-${index + 1}`;
          return `    ${key}: { to: ${scalar(place)}, weight: 1 }`;
        }),
      ];
    default:
      return ['  answers:', ...places.map((place) => `    - ${scalar(place)}`)];
  }
}

/** Health checks, where there is something else to lead clients to. */
function healthLines(answers: Answers, { policy, addresses }: DnsAnswer): string[] {
  const { port, https, regions, instances, provider, fleet } = answers;
  // AWS knows itself how its load balancers are, where records lead to their names
  if (fleet && !fleet.staticIps) return [];
  const places = fleet
    ? regions.length * zonesOf(fleet)
    : provider === 'lightsail'
      ? regions.length * instances
      : addresses.length;
  if (policy === 'simple' || places < 2) return [];
  const [protocol, at, usual] = https ? ['https', https.port, 443] : ['http', port, 80];
  const settings = [...(https ? [] : [`protocol: ${protocol}`]), ...(at === usual ? [] : [`port: ${at}`])];
  return [
    ...comment(
      'Route 53 asks each address whether it is well, for which AWS charges a little each month.',
      '  ',
    ),
    `  health: ${settings.length === 0 ? 'true' : `{ ${settings.join(', ')} }`}`,
  ];
}

/** Each zone has an address; a VPC that is made has two. */
function zonesOf({ network }: Fleet): number {
  return network.made ? 2 : network.publicSubnets.length;
}
