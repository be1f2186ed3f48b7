import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202432760 = advisory('2024-32760', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
