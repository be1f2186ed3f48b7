import { advisory, recodings } from '../../judgement/advisory.ts';

export const cve202648142 = advisory('2026-48142', {
  when: 'where answers are recoded with a charset_map',
  meanwhile: 'let the servers send UTF-8 and leave source_charset out',
  exposures: recodings,
});
