import { advisory, quicListeners } from '../../judgement/advisory.ts';

export const cve202424989 = advisory('2024-24989', {
  when: 'when it speaks HTTP/3 here',
  meanwhile: 'take quic off listen',
  exposures: quicListeners,
});
