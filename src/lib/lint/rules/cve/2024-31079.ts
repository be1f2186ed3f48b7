import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202431079 = advisory('2024-31079', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
