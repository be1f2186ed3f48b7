import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../src/lib/lint/engine/finding.ts';
import type { Report } from '../../../../src/lib/lint/reporters/report.ts';
import { reporters } from '../../../../src/lib/lint/reporters/registry.ts';

const finding: Finding = {
  rule: 'syntax/value',
  severity: 'error',
  message: 'gzip is either on or off, not "may,be"',
  hint: 'write on\nor off: 100%',
  file: 'conf.d/a&b.conf',
  line: 3,
  column: 10,
  endLine: 3,
  endColumn: 15,
  fixable: false,
  url: 'https://example.com',
  sourceLine: '    gzip maybe;',
};
const info: Finding = {
  ...finding,
  severity: 'info',
  rule: 'style/empty-include',
  file: 'b.conf',
  endLine: 4,
};
const files = ['conf.d/a&b.conf', 'b.conf'];
const run = (name: string, own: Partial<Report>) =>
  reporters[name]!({
    findings: [finding, info],
    files,
    unreadable: [],
    cwd: '/srv/shop',
    exitCode: 1,
    page: (rule) => `# ${rule}\n\nWhy {it} matters.\n`,
    ...own,
  });
const report = (name: string) => run(name, {});

test('compact has one line a finding', () => {
  expect(report('compact').split('\n')).toEqual([
    'conf.d/a&b.conf:3:10: error: gzip is either on or off, not "may,be" [syntax/value]',
    'b.conf:3:10: info: gzip is either on or off, not "may,be" [style/empty-include]',
  ]);
});

test('github has commands of workflows', () => {
  expect(report('github').split('\n')).toEqual([
    '::error file=conf.d/a&b.conf,line=3,endLine=3,col=10,endColumn=15,title=syntax/value::gzip is either on or off, not "may,be"%0Awrite on%0Aor off: 100%25',
    '::notice file=b.conf,line=3,endLine=4,title=style/empty-include::gzip is either on or off, not "may,be"%0Awrite on%0Aor off: 100%25',
  ]);
});

test('checkstyle names every file', () => {
  expect(report('checkstyle')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="conf.d/a&amp;b.conf">
    <error line="3" column="10" severity="error" message="gzip is either on or off, not &quot;may,be&quot;" source="lbctl.syntax/value"/>
  </file>
  <file name="b.conf">
    <error line="3" column="10" severity="info" message="gzip is either on or off, not &quot;may,be&quot;" source="lbctl.style/empty-include"/>
  </file>
</checkstyle>`);
});

test('junit has a test case a file, which infos do not fail', () => {
  expect(report('junit')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0">
  <testsuite name="lbctl lint" tests="2" failures="1" errors="0">
    <testcase classname="lbctl" name="conf.d/a&amp;b.conf">
      <failure type="syntax/value" message="3:10 gzip is either on or off, not &quot;may,be&quot;">write on&#10;or off: 100%</failure>
    </testcase>
    <testcase classname="lbctl" name="b.conf"/>
  </testsuite>
</testsuites>`);
});

test.each(Object.keys(reporters))('%s tells of files that cannot be read', (name) => {
  const told = run(name, { findings: [], files: [], unreadable: ['secret.conf'] });
  expect(told).toContain('secret.conf');
  expect(told).toContain('lint/unreadable-file');
  expect(told).toMatch(/cannot read/u);
});

test('junit counts files that cannot be read, and rules that failed, as errors', () => {
  const failed = { ...finding, rule: 'lint/failed-rule', message: 'the rule x failed' };
  const told = run('junit', { findings: [failed], unreadable: ['secret.conf'] });
  expect(told).toContain('<testsuites tests="3" failures="0" errors="2">');
  expect(told).toContain('<error type="lint/failed-rule" message="3:10 the rule x failed">');
  expect(told).toContain('<error type="lint/unreadable-file" message="cannot read secret.conf"/>');
});

describe('whatever the texts', () => {
  const text = fc.string({ unit: 'binary' });

  test.each(['checkstyle', 'junit'])('%s is XML whose attributes hold no markup', (name) => {
    fc.assert(
      fc.property(text, text, (message, file) => {
        const xml = run(name, {
          findings: [{ ...finding, message, file }],
          files: [file],
          unreadable: [file],
        });
        const bare = xml.replaceAll(/&(?:amp|lt|gt|quot|#\d+);/gu, '').replaceAll(/="[^"<&]*"/gu, '');
        expect(bare).not.toMatch(/["&]/u);
        expect(bare.split('<')).toHaveLength(bare.split('>').length);
      }),
    );
  });

  test.each(['github', 'compact'])('%s has one line a finding', (name) => {
    fc.assert(
      fc.property(text, text, (file, message) => {
        const lines = run(name, { findings: [{ ...finding, file, message }], unreadable: [file] });
        expect(lines.split(/[\r\n]/u)).toHaveLength(2);
      }),
    );
  });
});
