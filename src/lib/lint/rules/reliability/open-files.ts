import { parseNumber } from '../../../nginx/check/values.ts';
import type { Rule } from '../../engine/rule.ts';

/** What NGINX takes where nothing is said. */
const DEFAULT_CONNECTIONS = 512;

export const openFiles: Rule = {
  id: 'reliability/open-files',
  severity: 'warning',
  summary: 'workers may open fewer files than they are to have connections',
  aliases: ['gixy:worker_rlimit_nofile_vs_connections'],
  since: '0.1.0',
  check({ model, report }) {
    const [limit] = model.named('worker_rlimit_nofile');
    const [setting] = model.named('worker_connections');
    if (!limit || (!setting && !model.whole)) return;
    const files = parseNumber(limit.directive.words[1]?.value ?? '');
    const value = setting?.directive.words[1]?.value;
    const connections = value === undefined ? DEFAULT_CONNECTIONS : parseNumber(value);
    if (files === undefined || connections === undefined || files > connections) return;
    report(
      limit,
      `${files} files are too few for ${connections} connections of a worker, of which each takes one`,
      {
        word: limit.directive.words[1],
        hint: `set worker_rlimit_nofile to ${connections * 2} or more: logs, listeners and cached files take some, too`,
        ...(setting ? { related: { message: 'the connections', item: setting } } : {}),
      },
    );
  },
};
