import { advisory, directives } from '../../judgement/advisory.ts';

export const cve202632647 = advisory('2026-32647', {
  when: 'where files are served with mp4',
  meanwhile: 'take mp4 out',
  exposures: (model) => directives(model, 'mp4'),
});
