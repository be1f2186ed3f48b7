import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202642530 = advisory('2026-42530', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
