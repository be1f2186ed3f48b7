import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202424990 = advisory('2024-24990', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
