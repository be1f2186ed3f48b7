import type { RuleInfo } from '../rule.ts';

/** What is found while a configuration is read and checked as NGINX does: there is no rule to run for these. */
export const builtIn: readonly RuleInfo[] = (
  [
    ['syntax/argument-count', 'error', 'too many or too few words behind a directive'],
    ['syntax/buffers', 'error', 'sizes of buffers that do not go together'],
    ['syntax/byte-order-mark', 'error', 'an invisible mark in front of the first word'],
    ['syntax/condition', 'error', 'an if whose condition is none'],
    ['syntax/context', 'error', 'a directive in a block that does not take it'],
    ['syntax/duplicate', 'error', 'something twice that may stand once'],
    ['syntax/hash', 'error', 'a name that is longer than its table takes'],
    ['syntax/include-cycle', 'error', 'files that include themselves'],
    ['syntax/lb-yaml', 'error', 'an lb.yaml that cannot be read, or does not fit together'],
    ['syntax/listen', 'error', 'addresses to listen on that cannot be read or exclude each other'],
    ['syntax/location', 'error', 'a location of an unknown kind, or in a wrong place'],
    ['syntax/log-format', 'error', 'a log whose format is not defined in front of it'],
    ['syntax/missing-block', 'error', 'a configuration without events'],
    ['syntax/missing-brace', 'error', 'a block that is not closed or not opened'],
    ['syntax/missing-semicolon', 'error', 'a directive that does not end'],
    ['syntax/order', 'error', 'directives in the wrong order'],
    ['syntax/parameter', 'error', 'parameters that are unknown, missing, or exclude each other'],
    ['syntax/path', 'error', 'one folder for two things'],
    ['syntax/regex', 'error', 'regular expressions that cannot be compiled'],
    ['syntax/server', 'error', 'servers of stream and mail that lack what makes them one'],
    ['syntax/tls', 'error', 'TLS without certificate, key or authorities'],
    ['syntax/too-long', 'error', 'words and comments that are longer than NGINX can read'],
    ['syntax/unclosed-quote', 'error', 'quoted text without an end'],
    ['syntax/unexpected', 'error', 'braces, semicolons and text where none can stand'],
    ['syntax/unknown-directive', 'error', 'a directive that the target does not have'],
    ['syntax/unknown-name', 'error', 'pools of threads and character sets that nothing defines'],
    ['syntax/upstream', 'error', 'upstreams without servers, and wrong ways to address them'],
    ['syntax/value', 'error', 'values that a directive does not take'],
    ['syntax/variable', 'error', 'variables that nothing makes, or that cannot be made'],
    ['syntax/zone', 'error', 'shared memory that nothing makes, or that is claimed twice'],
    ['reliability/missing-include', 'error', 'an included file that is not there'],
    [
      'style/ignore-without-reason',
      'warning',
      'a comment that tells lint to leave something alone and does not say why',
    ],
    [
      'style/unused-ignore',
      'warning',
      'a comment that tells lint to leave something alone that it does not find',
    ],
    ['style/empty-include', 'info', 'an include whose pattern matches no file'],
  ] as const
).map(([id, severity, summary]) => ({ id, severity, summary, aliases: [], since: '0.1.0' }));
