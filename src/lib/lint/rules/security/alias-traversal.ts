import type { Rule } from '../../rule.ts';

/**
 * NGINX puts `alias` in the place of what the location matched: behind `/img` comes whatever the client wrote, so
 * that `/img../secret` becomes `/srv/img/../secret`.
 */
export const aliasTraversal: Rule = {
  id: 'security/alias-traversal',
  severity: 'error',
  summary: 'a location without a slash at its end leads out of the folder of its alias',
  aliases: ['gixy:alias_traversal', 'nginx-lint:alias-location-slash-mismatch'],
  since: '0.1.0',
  check({ model, report }) {
    for (const location of model.named('location')) {
      if (!location.inner) continue;
      const [, first, second] = location.directive.words;
      const prefix = prefixOf(first?.value ?? '', second?.value);
      if (prefix === undefined || prefix.endsWith('/')) continue;
      for (const alias of location.inner.own('alias')) {
        const word = alias.directive.words[1];
        if (!word?.value.endsWith('/')) continue;
        report(alias, `${prefix}../ leads out of ${word.value}`, {
          word,
          hint: `end both with a slash, location ${prefix}/, or neither`,
          related: { message: 'the location', item: location },
        });
      }
    }
  },
};

/** What a location matches the start of a path by; undefined where it matches in another way. */
function prefixOf(first: string, second: string | undefined): string | undefined {
  if (second !== undefined) return first === '^~' ? second : undefined;
  return /^[=~@]/u.test(first) ? undefined : first.replace(/^\^~/u, '');
}
