import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202434161 = advisory('2024-34161', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
