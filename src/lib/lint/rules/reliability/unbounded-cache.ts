import type { Rule } from '../../engine/rule.ts';

const PATHS = ['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_cache_path`);

export const unboundedCache: Rule = {
  id: 'reliability/unbounded-cache',
  severity: 'info',
  summary: 'a cache that may fill the disk',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const name of PATHS)
      for (const item of model.named(name)) {
        const [, path, ...parameters] = item.directive.words;
        if (!path || parameters.some(({ value }) => /^(?:max_size|min_free)=/u.test(value))) continue;
        report(item, `what is kept in ${path.value} may grow until the disk is full`, {
          word: path,
          hint: 'add max_size=…; what is used least is then removed in time',
        });
      }
  },
};
