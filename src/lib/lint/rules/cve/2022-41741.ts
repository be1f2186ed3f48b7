import { advisory, directives } from '../../judgement/advisory.ts';

export const cve202241741 = advisory('2022-41741', {
  when: 'where files are served with mp4',
  meanwhile: 'take mp4 out',
  exposures: (model) => directives(model, 'mp4'),
});
