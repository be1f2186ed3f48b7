import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** What passes a request on, with what sets the headers that go with it. */
const PASSES = [
  ['proxy_pass', 'proxy_set_header'],
  ['grpc_pass', 'grpc_set_header'],
  ['fastcgi_pass', 'fastcgi_param'],
  ['uwsgi_pass', 'uwsgi_param'],
  ['scgi_pass', 'scgi_param'],
] as const;

/** Directives in which the variable tells nobody that a request may be a copy. */
const SILENT = /^(?:access_log|log_format|add_header)$/u;

export const earlyData: Rule = {
  id: 'tls/early-data',
  severity: 'warning',
  summary: 'requests that may be sent again by others are passed on as any other',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const on = model
      .named('ssl_early_data')
      .filter(({ directive }) => directive.words[1]?.value.toLowerCase() === 'on');
    if (!model.whole || on.length === 0) return;
    const names = new Set<string>(PASSES.map(([, list]) => list));
    const handled = model.items.some(
      (item) => !names.has(item.directive.name) && !SILENT.test(item.directive.name) && mentions(item),
    );
    if (handled) return;
    const told = new Set<Item>();
    for (const [pass, list] of PASSES)
      for (const item of model.named(pass)) {
        const [setting] = item.block.effective('ssl_early_data');
        if (!setting || !on.includes(setting) || told.has(setting)) continue;
        if (item.block.effective(list).some((header) => mentions(header))) continue;
        told.add(setting);
        report(
          setting,
          'early data can be sent again by who recorded it, and the servers behind are not told',
          {
            hint: 'add proxy_set_header Early-Data $ssl_early_data; and let them answer 425 where it matters',
            related: { message: 'passed on here', item },
          },
        );
      }
  },
};

function mentions({ directive }: Item): boolean {
  return directive.words.some(({ value }) => value.includes('ssl_early_data') && value.includes('$'));
}
