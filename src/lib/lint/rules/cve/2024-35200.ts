import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202435200 = advisory('2024-35200', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
