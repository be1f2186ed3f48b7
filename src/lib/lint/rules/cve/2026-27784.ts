import { advisory, directives } from '../../judgement/advisory.ts';

export const cve202627784 = advisory('2026-27784', {
  when: 'on a machine of 32 bits, where files are served with mp4',
  meanwhile: 'take mp4 out',
  exposures: (model) => directives(model, 'mp4'),
});
