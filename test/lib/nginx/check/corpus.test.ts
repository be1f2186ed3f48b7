import { describe, expect, test } from 'vitest';
import { lint } from '../../../../src/lib/lint/engine/lint.ts';
import { Context } from '../../../../src/lib/nginx/directives/contexts.ts';
import { loadConfiguration } from '../../../../src/lib/nginx/include/load.ts';
import { readFiles } from '../../../../src/lib/source/include-files.ts';
import { corpus } from '../../../support/corpus.ts';

const ROOT = new URL('../../../../fixtures/nginx/', import.meta.url).pathname;

/** Findings of the syntax rules as lines, for the NGINX that took or refused the fixtures. */
function findingsIn(name: string): string[] {
  const loaded = loadConfiguration(`${ROOT}${name}`, readFiles(), {
    shown: (path) => path.replace(ROOT, ''),
  });
  return lint(loaded, { target: { version: '1.22.1', plus: false }, context: Context.main })
    .filter(({ rule }) => rule.startsWith('syntax/'))
    .map(({ line, column, rule, message }) => `${line}:${column} ${rule} ${message}`);
}

/** Refused for reasons that the checks do not judge: see test/differential/excuses.ts. */
const NOT_JUDGED =
  /^(?:lua-|modsecurity-|ssl-(?:ciphers|conf-command|dhparam|key-and-certificate|unknown-curve)|unknown-(?:directive-from-unloaded|lua-without|stream-without))/u;

describe('what NGINX takes', () => {
  test.each(corpus('accepted').map(({ name }) => name))('%s has no finding', (name) => {
    expect(findingsIn(name)).toEqual([]);
  });
});

describe('what NGINX refuses', () => {
  const names = corpus('refused').map(({ name }) => name);
  const judged = names.filter((name) => !NOT_JUDGED.test(name.replace('refused/', '')));

  test.each(judged)('%s has a finding', (name) => {
    expect(findingsIn(name)).not.toEqual([]);
  });

  test('is told in words that can be read in one file', async () => {
    const lines = names.flatMap((name) => [
      name.replace('refused/', ''),
      ...findingsIn(name).map((one) => `    ${one}`),
    ]);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`${ROOT}refused.findings.txt`);
  });
});
