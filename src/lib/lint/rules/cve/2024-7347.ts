import { advisory, directives } from '../../judgement/advisory.ts';

export const cve20247347 = advisory('2024-7347', {
  when: 'where files are served with mp4',
  meanwhile: 'take mp4 out',
  exposures: (model) => directives(model, 'mp4'),
});
