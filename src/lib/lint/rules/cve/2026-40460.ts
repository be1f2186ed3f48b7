import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202640460 = advisory('2026-40460', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
