import { describe, expect, test } from 'vitest';
import { lint } from '../../../../src/library.ts';

const rulesIn = (...lines: string[]) => lint(lines.join('\n')).map(({ rule, line }) => `${line} ${rule}`);

describe('a comment that tells lint to leave something alone', () => {
  test('is for the next line', () => {
    expect(
      rulesIn(
        '# lbctl-ignore-next-line security/version-disclosure -- asked for',
        'server_tokens on;',
        'server { server_tokens on; }',
      ),
    ).toEqual(['3 security/version-disclosure']);
  });

  test('passes over comments and blank lines, names a rule without its family, and names several', () => {
    expect(
      rulesIn(
        'server {',
        '    # lbctl-ignore-next-line version-disclosure, weak-protocols -- an old client',
        '',
        '    # another remark',
        '    server_tokens on; ssl_protocols TLSv1;',
        '}',
      ),
    ).toEqual([]);
  });

  test('in a row with others is for the same line, whatever the ends of lines are', () => {
    for (const end of ['\n', '\r\n'])
      expect(
        rulesIn(
          [
            'server {',
            '# lbctl-ignore-next-line version-disclosure -- asked for',
            '# lbctl-ignore-next-line weak-protocols -- an old client',
            '    server_tokens on; ssl_protocols TLSv1;',
            '    server_tokens on;',
            '}',
          ].join(end),
        ),
      ).toEqual(['5 syntax/duplicate', '5 security/version-disclosure']);
  });

  test('is for the whole file', () => {
    expect(
      rulesIn(
        'server { listen 81; server_tokens on; }',
        'server { listen 82; server_tokens build; } # lbctl-ignore-file version-disclosure -- asked for',
      ),
    ).toEqual([]);
  });

  test('may stand in a block, behind a directive, and between its words', () => {
    expect(
      rulesIn('gzip # lbctl-ignore-next-line syntax/value -- a template fills it in', '    PLACEHOLDER;'),
    ).toEqual([]);
  });

  test('is told when it leaves nothing alone, and when it does not say why', () => {
    expect(rulesIn('# lbctl-ignore-next-line version-disclosure', 'server_tokens off;')).toEqual([
      '1 style/unused-ignore',
      '1 style/ignore-without-reason',
    ]);
    expect(rulesIn('# lbctl-ignore-next-line no-such-rule -- why', 'server_tokens on;')).toEqual([
      '1 style/unused-ignore',
      '2 security/version-disclosure',
    ]);
    expect(rulesIn('# lbctl-ignore-next-line version-disclosure -- at the end')).toEqual([
      '1 style/unused-ignore',
    ]);
  });

  test('does not hide that a file cannot be read', () => {
    expect(rulesIn('# lbctl-ignore-file missing-semicolon -- please', 'location / { return 200 }')).toEqual([
      '1 style/unused-ignore',
      '2 syntax/missing-semicolon',
    ]);
  });

  test('is for the file that it stands in alone', () => {
    const findings = lint('events {}\nhttp { include a; server_tokens on; }', {
      files: { '/a': '# lbctl-ignore-file version-disclosure -- here\nserver { server_tokens on; }' },
    });
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      '/nginx.conf security/version-disclosure',
    ]);
  });
});
