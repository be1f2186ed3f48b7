import { about, count, flag, list, map, number, object, type Schema, text, word } from './notation.ts';

type Keys = Readonly<Record<string, Schema>>;

const severity = word('error', 'warning', 'info');

const finding = object({
  rule: about('family and name; stays the same from release to release', text),
  severity,
  message: text,
  'hint?': about('what to do', text),
  file: text,
  line: count,
  column: count,
  endLine: count,
  endColumn: count,
  fixable: about('whether --fix mends it', flag),
  url: about('the page of the rule', text),
  'related?': about(
    'another place that explains this one',
    object({ message: text, file: text, line: count }),
  ),
});

export const lint: Keys = {
  findings: list(finding),
  summary: object({
    files: count,
    errors: count,
    warnings: count,
    infos: count,
    'known?': about('findings that the baseline holds', count),
    'ignored?': about('files that .lbctlrc.yaml leaves out', count),
  }),
  'fixes?': about(
    'with --fix and --fix-dry-run',
    object({
      count,
      files: list(object({ file: text, count, 'diff?': text, 'content?': text })),
      leftOut: about('fixes that NGINX would refuse', list(object({ rule: text, file: text, line: count }))),
    }),
  ),
  'gone?': about(
    'what the baseline holds and is found no more',
    list(object({ file: text, rule: text, count })),
  ),
  'timing?': about('milliseconds by rule, with --timing', map(number)),
};

export const rules: Keys = {
  rules: list(
    object({
      id: text,
      severity,
      summary: text,
      fixable: flag,
      since: about('the release of lbctl that brought it', text),
      url: text,
      aliases: about('the same check in other linters, as LINTER:NAME', list(text)),
    }),
  ),
};

export const fmt: Keys = {
  files: list(
    object({
      file: text,
      changed: flag,
      'diff?': about('with --diff', text),
      'content?': about('what stdin becomes', text),
    }),
  ),
};
