import { advisory, directives } from '../../judgement/advisory.ts';

export const cve202642946 = advisory('2026-42946', {
  when: 'where SCGI or uwsgi servers are asked',
  meanwhile: 'ask only servers that you trust',
  exposures: (model) => directives(model, 'scgi_pass', 'uwsgi_pass'),
});
