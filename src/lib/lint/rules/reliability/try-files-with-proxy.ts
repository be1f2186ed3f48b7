import { placeOf } from '../../model/requests/locations.ts';
import type { Rule } from '../../engine/rule.ts';

/** `proxy_pass` and its like; with FastCGI and uWSGI the file that was found is the script. */
const PASSES = ['proxy_pass', 'grpc_pass', 'memcached_pass'];

export const tryFilesWithProxy: Rule = {
  id: 'reliability/try-files-with-proxy',
  severity: 'warning',
  summary: 'only requests for files that are there are passed on',
  aliases: ['nginx-lint:try-files-with-proxy'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('try_files')) {
      const { block } = item;
      const place = block.item && placeOf(block.item);
      const pass = PASSES.flatMap((name) => block.own(name))[0];
      const last = item.directive.words.at(-1)?.value ?? '';
      if (!place || !pass) continue;
      // scripts that lie here are run by the server behind: the same idiom as with FastCGI
      if (place.kind === 'regex' && !last.startsWith('@')) continue;
      report(
        item,
        `${pass.directive.name} gets only requests for files that are there; all others go to ${last}`,
        {
          hint: `move ${pass.directive.name} into a named location, and end try_files with its name`,
          related: { message: pass.directive.name, item: pass },
        },
      );
    }
  },
};
