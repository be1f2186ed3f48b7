import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validator, type Schema } from '@exodus/schemasafe';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFixes } from '../../../../src/lib/lint/fixes/apply.ts';
import type { Finding } from '../../../../src/lib/lint/engine/finding.ts';
import { sarif } from '../../../../src/lib/lint/reporters/sarif.ts';
import type { Report } from '../../../../src/lib/lint/reporters/report.ts';
import { lint } from '../../../../src/library.ts';
import { lintFixture } from '../../../support/lint-fixture.ts';

const root = new URL('../../../../', import.meta.url).pathname;
// the pattern of `language`, which we do not write, has a bracket too many to be an expression of Unicode
const schema = JSON.parse(
  readFileSync(join(root, 'fixtures/sarif/sarif-2.1.0-rtm.5.json'), 'utf8').replaceAll('{2}]?$', '{2}$'),
) as Schema;
const isValid = validator(schema, { includeErrors: true, allowUnusedKeywords: true, isJSON: true });

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Place {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string; readonly index?: number };
    readonly region: Region;
  };
  readonly message?: { readonly text: string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Place[];
  readonly relatedLocations?: readonly Place[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly replacements: readonly {
        readonly deletedRegion: Region;
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
}
interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
  readonly results: readonly Result[];
  readonly artifacts: readonly { readonly location: { readonly uri: string } }[];
  readonly invocations: readonly Record<string, unknown>[];
}

/** Reports, and holds what comes out against the schema. */
function report(findings: readonly Finding[], own: Partial<Report> = {}): Run {
  const text = sarif({
    findings,
    files: [...new Set(findings.map(({ file }) => file))],
    unreadable: [],
    cwd: '/srv/shop',
    exitCode: 1,
    page: (rule) => `# ${rule}\n`,
    ...own,
  });
  const document = JSON.parse(text) as { readonly runs: readonly Run[] };
  isValid(document as never);
  expect(isValid.errors ?? []).toEqual([]);
  return document.runs[0]!;
}

const TEXT =
  'server {\n    server_tokens on;\n    ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\n    gzip may{be;\n}\n';
const found = (path = '/srv/shop/conf.d/a.conf') => lint('server {\n    server_tokens on;\n}\n', { path });

describe('SARIF', () => {
  test('is refused by the schema where it is wrong', () => {
    isValid({ version: '2.1.0', runs: [{ tool: { driver: {} } }] });
    expect(isValid.errors).not.toBeNull();
  });

  test('is valid for whatever the rules find', () => {
    const folder = join(root, 'fixtures/rules');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\/bad\/.*\.conf$/u.test(name),
    );
    const results = names.flatMap(
      (name) => report(lintFixture(readFileSync(join(folder, name), 'utf8'))).results,
    );
    expect(results.length).toBeGreaterThan(names.length - 1);
  });

  test('is valid whatever files are called and messages say', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    const [finding] = found();
    fc.assert(
      fc.property(text, text, text, (file, message, hint) => {
        const { results } = report([{ ...finding!, file, message, hint }], { unreadable: [hint] });
        expect(results).toHaveLength(1);
      }),
    );
  });

  test('has the place, the level and the rule with its page', () => {
    const { results, tool } = report(found());
    expect(results).toEqual([
      expect.objectContaining({
        ruleId: 'security/version-disclosure',
        ruleIndex: 0,
        level: 'note',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'conf.d/a.conf', uriBaseId: '%SRCROOT%', index: 0 },
              region: { startLine: 2, startColumn: 19, endLine: 2, endColumn: 21 },
            },
          },
        ],
      }),
    ]);
    expect(tool.driver.rules).toEqual([
      {
        id: 'security/version-disclosure',
        name: 'SecurityVersionDisclosure',
        shortDescription: { text: 'answers and error pages name the version of NGINX' },
        help: { text: '# security/version-disclosure\n', markdown: '# security/version-disclosure\n' },
        helpUri: expect.stringMatching(
          /^https:.*\/docs\/rules\/security\/version-disclosure\.md$/u,
        ) as string,
        defaultConfiguration: { level: 'note' },
        properties: { tags: ['security', 'nginx'], 'problem.severity': 'recommendation' },
      },
    ]);
  });

  test.each([
    ['conf.d/a.conf', 'conf.d/a.conf', true],
    ['a b/50%/ü?#.conf', 'a%20b/50%25/%C3%BC%3F%23.conf', true],
    ['c:d.conf', 'c%3Ad.conf', true],
    ['../../etc/nginx/nginx.conf', 'file:///etc/nginx/nginx.conf', false],
    ['./x/../y.conf', 'y.conf', true],
    ['/etc/nginx/nginx.conf', 'file:///etc/nginx/nginx.conf', false],
    ['/srv/shop/nginx.conf', 'nginx.conf', true],
    ['/srv/shopping/nginx.conf', 'file:///srv/shopping/nginx.conf', false],
    ['<stdin>', '%3Cstdin%3E', true],
  ])('calls %s %s', (file, uri, isBelow) => {
    const [finding] = found();
    const { artifacts } = report([{ ...finding!, file }]);
    expect(artifacts[0]!.location).toEqual({ uri, ...(isBelow ? { uriBaseId: '%SRCROOT%' } : {}) });
  });

  test('doubles braces, which would stand for arguments', () => {
    const first = report(lint(TEXT)).results.find(({ ruleId }) => ruleId.startsWith('syntax/'));
    expect(first!.message.text).toMatch(/\{\{/u);
    expect(first!.message.text.replaceAll('{{', '')).not.toContain('{');
  });

  test('has fixes that make the text that --fix makes', () => {
    const text = 'server {\r\n    server_tokens on;\r\n    ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\r\n}\r\n';
    const findings = lint(text).filter(({ fix }) => fix);
    expect(findings).toHaveLength(2);
    const starts = [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
    const replacements = report(findings)
      .results.flatMap(({ fixes = [] }) => fixes)
      .flatMap(({ artifactChanges }) => artifactChanges.flatMap((change) => change.replacements))
      .map(({ deletedRegion: region, insertedContent }) => ({
        start: starts[region.startLine - 1]! + region.startColumn - 1,
        end: starts[region.endLine - 1]! + region.endColumn - 1,
        put: insertedContent.text,
      }))
      .toSorted((a, b) => b.start - a.start);
    const fixed = replacements.reduce(
      (old, { start, end, put }) => old.slice(0, start) + put + old.slice(end),
      text,
    );
    expect(fixed).toBe(applyFixes(findings).files[0]!.text);
  });

  test('names places that explain a finding', () => {
    const text = 'upstream a {\n    server 10.0.0.1:80;\n    server 10.0.0.1:80;\n}\n';
    const result = report(lint(text)).results.find(({ relatedLocations }) => relatedLocations);
    expect(result!.relatedLocations).toMatchObject([
      { physicalLocation: { region: { startLine: 2 } }, message: { text: 'the first one' } },
    ]);
  });

  test('tells findings from each other wherever their lines move', () => {
    const prints = (text: string) =>
      report(lint(text).filter(({ rule }) => rule === 'security/version-disclosure')).results.map(
        ({ partialFingerprints }) => partialFingerprints['lbctl/v1'],
      );
    const block = 'server {\n    server_tokens on;\n}\n';
    const before = prints(block + block);
    expect(new Set(before).size).toBe(2);
    expect(prints(`# a remark\n\n${block}${block.replace('    ', '\t')}`)).toEqual(before);
    expect(prints(block.replace('on', 'build'))).not.toContain(before[0]);
  });

  test('says that a run failed which could not look at everything', () => {
    const [finding] = found();
    const failed = { ...finding!, rule: 'lint/failed-rule', message: 'the rule {x} failed' };
    const { invocations, results } = report([failed], { unreadable: ['b.conf'], exitCode: 3 });
    expect(results).toEqual([]);
    expect(invocations).toMatchObject([
      {
        executionSuccessful: false,
        exitCode: 3,
        toolExecutionNotifications: [
          { descriptor: { id: 'lint/unreadable-file' }, message: { text: 'cannot read b.conf' } },
          { descriptor: { id: 'lint/failed-rule' }, message: { text: 'the rule {{x}} failed' } },
        ],
      },
    ]);
    expect(report([], { exitCode: 0 }).invocations).toMatchObject([
      { executionSuccessful: true, exitCode: 0 },
    ]);
  });
});
