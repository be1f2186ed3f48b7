import { atLeast } from '../../../nginx/version.ts';
import { remove } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';

export const http2Push: Rule = {
  id: 'upgrade/http2-push',
  severity: 'warning',
  summary: 'server push does nothing since 1.25.1',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!atLeast(target.version, '1.25.1')) return;
    for (const name of ['http2_push', 'http2_push_preload', 'http2_max_concurrent_pushes'])
      for (const item of model.named(name))
        report(item, `${name} does nothing since 1.25.1, which has no server push`, {
          hint: 'browsers gave it up; Link headers with rel=preload still help',
          fix: { title: 'take it out', edits: [remove(item)] },
        });
  },
};
