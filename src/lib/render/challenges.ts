import { answersChallenges } from '../balancer/certificates.ts';
import type { Listener } from '../balancer/schema/balancer.ts';
import { block, type Built, type BuiltStatement, comment, directive } from '../nginx/build.ts';
import type { Context } from './context.ts';
import type { Policies } from '../balancer/effective.ts';
import { withoutAuthentication } from './policies.ts';

/** Has a server pass challenges on that come from another node, which has asked already. */
const PASSED = '$http_x_lbctl_challenge';

/**
 * Where an authority fetches the answers to its challenges (RFC 8555, 8.3), on the listeners that it asks. With several
 * nodes it may come to another one than the one that has the answer, so a node without it asks the others.
 * @param policies of the server block, which must not keep it out.
 */
export function challengeLocations(
  context: Context,
  listeners: readonly Listener[],
  policies: Policies = {},
): BuiltStatement[] {
  const { balancer, layout } = context;
  if (!listeners.some((listener) => answersChallenges(balancer, listener))) return [];
  return [
    block(
      'location',
      ['^~', '/.well-known/acme-challenge/'],
      [
        comment('Answers to the authority of certificates; what is not here, another node may have.'),
        ...lifted(policies),
        directive('default_type', 'text/plain'),
        directive('root', layout.challenges),
        directive('try_files', '$uri', '@challenge_peers'),
      ],
    ),
    block(
      'location',
      ['@challenge_peers'],
      [
        ...lifted(policies),
        block('if', [`(${PASSED})`], [directive('return', 404)]),
        directive('include', `${layout.peers}/pass*.conf`),
      ],
    ),
  ];
}

function lifted(policies: Policies): Built[] {
  const { allow, deny, waf } = policies;
  return [
    ...(allow || deny ? [directive('allow', 'all')] : []),
    ...withoutAuthentication(policies),
    ...(waf ? [directive('modsecurity', 'off')] : []),
  ];
}

/** The other nodes, as each of them knows them. */
export function challengePeers({ balancer, layout }: Context): Built[] {
  return Object.values(balancer.listeners).some((listener) => answersChallenges(balancer, listener))
    ? [directive('include', `${layout.peers}/upstream*.conf`)]
    : [];
}
