import { advisory, type Exposure } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';
import { redirectOf } from '../../model/requests/answers.ts';
import { namesIn } from '../../model/values/names-in.ts';

export const cve20269256 = advisory('2026-9256', {
  when: 'where a redirect or its arguments are made of captures that lie in each other',
  meanwhile: 'use one of the captures alone, or name them',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('rewrite')) {
    const [, pattern, replacement] = item.directive.words;
    if (!pattern || !replacement) continue;
    const escaped = redirectOf(item)
      ? replacement.value
      : replacement.value.slice((replacement.value.indexOf('?') + 1 || Infinity) - 1);
    const used = new Set(
      namesIn(escaped)
        .filter((name) => /^[1-9]$/u.test(name))
        .map(Number),
    );
    if (used.size > 1 && nested(pattern.value, used)) yield { item, word: replacement };
  }
}

/** Whether one of some groups lies within another one of them. */
function nested(pattern: string, groups: ReadonlySet<number>): boolean {
  const open: boolean[] = [];
  let count = 0;
  for (const [token] of pattern.matchAll(
    /\\.|\[(?:\\.|\^?\]?[^\]\\])*\]|\((?:\?(?!P?<[A-Za-z_]|'))?|\)/gsu,
  )) {
    if (token === ')') open.pop();
    else if (token.startsWith('(')) {
      const wanted = token === '(' && groups.has(++count);
      if (wanted && open.includes(true)) return true;
      open.push(wanted);
    }
  }
  return false;
}
