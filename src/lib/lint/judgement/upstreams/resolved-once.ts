import type { Target } from '../../../nginx/directives/knowledge.ts';
import type { Word } from '../../../nginx/syntax/tree.ts';
import { atLeast } from '../../../nginx/version.ts';
import type { Item, Model } from '../../model/model.ts';
import { parameterOf, serverAddress } from '../../model/network/upstream-servers.ts';

/** A host name whose addresses NGINX looks up when it starts or reloads, and keeps. */
interface ResolvedOnce {
  readonly host: string;
  readonly item: Item;
  readonly word: Word;
}

/** The first place of each host name that is looked up once. */
export function resolvedOnce(model: Model): ResolvedOnce[] {
  const found = new Map<string, ResolvedOnce>();
  const add = (host: string, item: Item): void => {
    if (!isOfThisMachine(host) && !found.has(host))
      found.set(host, { host, item, word: item.directive.words[1]! });
  };
  for (const { servers } of model.upstreams.values())
    for (const server of servers) {
      const address = serverAddress(server);
      if (address?.family === 'name' && !parameterOf(server, 'resolve')) add(address.host, server);
    }
  for (const { pass, variable, destinations } of model.routes) {
    const address = variable ? undefined : destinations[0]?.address;
    // in a part a name without a port can be that of an upstream
    if (address?.family === 'name' && (model.whole || address.port !== undefined || isOfAws(address.host)))
      add(address.host, pass);
  }
  return [...found.values()];
}

/** Names that stand for this machine, or hold the address that they stand for. */
function isOfThisMachine(host: string): boolean {
  return (
    host === 'localhost' ||
    /\.(?:localhost|docker\.internal|containers\.internal)$/u.test(host) ||
    /^(?:ip|ec2)-\d+-\d+-\d+-\d+\./u.test(host)
  );
}

/**
 * Names of AWS whose addresses change while they are in use: load balancers, databases that fail over, and services
 * on many machines. Network Load Balancers and endpoints of a VPC keep theirs.
 */
export function isOfAws(host: string): boolean {
  if (/\.(?:elasticbeanstalk\.com|cloudfront\.net|awsapprunner\.com|amplifyapp\.com|on\.aws)$/u.test(host))
    return true;
  return (
    /\.amazonaws\.com(?:\.cn)?$/u.test(host) &&
    !/\.(?:elb\.[a-z]{2}(?:-[a-z]+)+-\d|compute(?:-\d)?|vpce)\.amazonaws\.com/u.test(host)
  );
}

/** What lets NGINX look a name up again, as the target can do it. */
export function howToResolve(target: Target, directive: string, host: string): string {
  const server = directive === 'server';
  if (target.plus || atLeast(target.version, '1.27.3'))
    return server
      ? 'add resolve to the server, a zone to the upstream, and a resolver'
      : `lead to an upstream with a zone and server ${host} resolve; and set a resolver`;
  return server
    ? `lead to it without the upstream: set $name ${host}; with $name in proxy_pass, and a resolver`
    : `put it into a variable: set $name ${host}; with $name in ${directive}, and a resolver`;
}
