import { advisory, type Exposure, valueOf } from '../../judgement/advisory.ts';
import { Context } from '../../../nginx/directives/contexts.ts';
import type { Block, Model } from '../../model/model.ts';

export const cve202523419 = advisory('2025-23419', {
  when: 'where servers on one socket ask for certificates of clients and others do not',
  meanwhile:
    'set ssl_session_tickets off and ssl_session_cache none there, or give each an address of its own',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('ssl_verify_client')) {
    const server = item.block;
    if (server.context !== Context.server || valueOf(item) === 'off') continue;
    if (!speaksTls13(server) || !resumes(server)) continue;
    const sockets = new Set(server.own('listen').map(valueOf));
    const shares = model
      .named('listen')
      .some((listen) => listen.block !== server && sockets.has(valueOf(listen)));
    if (shares) yield { item };
  }
}

function speaksTls13(server: Block): boolean {
  const [protocols] = server.effective('ssl_protocols');
  // by default from 1.23.4 on
  return !protocols || protocols.directive.words.some(({ value }) => value.toLowerCase() === 'tlsv1.3');
}

function resumes(server: Block): boolean {
  const tickets = valueOf(server.effective('ssl_session_tickets')[0]) !== 'off';
  const cache = valueOf(server.effective('ssl_session_cache')[0]);
  return tickets || (cache !== '' && cache !== 'none' && cache !== 'off');
}
