import { advisory, directives } from '../../judgement/advisory.ts';

export const cve202241742 = advisory('2022-41742', {
  when: 'where files are served with mp4',
  meanwhile: 'take mp4 out',
  exposures: (model) => directives(model, 'mp4'),
});
