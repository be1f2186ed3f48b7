import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';

const FAULTS = 'server {\n    server_tokens on;\n    ssl_protocols TLSv1;\n}\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  // what lies above the folder of the tests is none of theirs
  await mkdir(join(folder, '.git'));
});
const put = (files: Files) => writeFiles(folder, files);
const run = (args: readonly string[], cwd = folder, env = {}) => lbctl(['lint', ...args], { cwd, env });
const levels = async (...args: string[]) => {
  const { code, stdout } = await run(['--json', ...args]);
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; severity: string }[] };
  return { code, found: findings.map(({ rule, severity }) => `${severity} ${rule}`) };
};

describe('.lbctlrc.yaml', () => {
  test('changes what a rule or a family says, in every output', async () => {
    await put({
      'a.conf': FAULTS,
      '.lbctlrc.yaml': 'rules:\n  security: error\n  tls: off\n  tls/weak-protocols: { severity: info }\n',
    });
    expect(await levels('a.conf')).toEqual({
      code: 1,
      found: ['error security/version-disclosure', 'info tls/weak-protocols'],
    });
    const { stdout, stderr } = await run(['a.conf']);
    expect(stdout).toMatch(/^a\.conf:2:19: error: .*\n(?:.*\n)*a\.conf:3:19: info: /u);
    expect(stderr).toBe('1 error, 1 info in 1 file\n--fix mends 1 of them; --fix-dry-run shows how\n');
    expect((await run(['--format', 'compact', 'a.conf'])).stdout).toMatch(
      /:2:19: error: .*\n.*:3:19: info: /u,
    );
    expect((await run(['--severity', 'error', 'a.conf'])).stderr).toMatch(/^1 error in 1 file\n/u);
  });

  test('turns rules off, and comments that are for those are not told as unused', async () => {
    const text = `# lbctl-ignore-next-line weak-protocols -- an old client\n${FAULTS}`;
    await put({
      'a.conf': text.replace('{\n', '{ # lbctl-ignore-file tls/weak-protocols -- another\n'),
      'b.conf': 'include none/*.conf;\nserver_tokens on;\n',
      'nginx.conf': 'events {}\ninclude none/*.conf;\n',
      '.lbctlrc.yaml': 'rules: { tls: off, security/version-disclosure: off, style/empty-include: off }',
    });
    expect(await levels('.')).toEqual({ code: 0, found: [] });
    // who asks for a rule by its name gets it
    expect(await levels('--only', 'version-disclosure', 'b.conf')).toMatchObject({
      found: ['info security/version-disclosure'],
    });
    expect(await levels('--only', 'security', 'b.conf')).toEqual({ code: 0, found: [] });
  });

  test('says what options say, and options win', async () => {
    await put({
      'a.conf': 'server { ssl on; ssl_protocols TLSv1; }\n',
      'b.conf': 'location / { health_check; }',
      '.lbctlrc.yaml': 'target: 1.24\nplus: true\nbehind: nlb\nmaxWarnings: 2\n',
    });
    expect(await levels('.')).toEqual({
      code: 0,
      found: ['warning upgrade/ssl-on', 'warning tls/weak-protocols'],
    });
    expect(await levels('--target', '1.26', 'a.conf')).toMatchObject({
      found: ['error syntax/unknown-directive', 'warning tls/weak-protocols'],
    });
    expect((await levels('--max-warnings', '0', 'a.conf')).code).toBe(1);
    expect((await levels('--no-config', 'b.conf')).code).toBe(1);
  });

  test('takes a target as it is written, though YAML reads 1.30 as 1.3', async () => {
    await put({ 'a.conf': 'location / { sub_filter_once on; }\nhttp2 on;\n' });
    for (const target of ['1.30', '"1.30"', "'1.30'", '1.30 # the newest']) {
      await put({ '.lbctlrc.yaml': `# settings\ntarget: ${target}\n` });
      expect(await levels('a.conf')).toEqual({ code: 0, found: [] });
    }
  });

  test('leaves files out, named or come upon, but not from what includes them', async () => {
    await put({
      'nginx.conf': 'events {}\nhttp {\n    include vendor/*.conf;\n    include conf.d/*.conf;\n}\n',
      'vendor/a.conf': `${FAULTS}log_format vendor $host;\n`,
      'conf.d/b.conf': 'access_log /var/log/a vendor;\nserver_tokens on;\n',
      'conf.d/made.conf': FAULTS,
      '.lbctlrc.yaml': 'ignore:\n  - vendor\n  - "**/made.conf"\n',
    });
    expect(await run(['nginx.conf'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^conf\.d\/b\.conf:2:15: info/u) as string,
      stderr: expect.stringMatching(/^1 info in 2 files; 2 ignored files left out\n/u) as string,
    });
    expect(await run(['vendor/a.conf', 'conf.d/made.conf'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'nothing found in 0 files; 2 ignored files left out\n',
    });
    const { summary } = JSON.parse((await run(['--json', '.'])).stdout) as { summary: object };
    expect(summary).toEqual({ files: 2, errors: 0, warnings: 0, infos: 1, ignored: 2 });
  });

  test('is found above the working folder, up to the root of the repository', async () => {
    await put({
      'a.conf': FAULTS,
      'conf/sites/a.conf': FAULTS,
      'conf/inner/.git': 'gitdir: elsewhere',
      'conf/inner/a.conf': FAULTS,
      '.lbctlrc.yaml': 'rules: { tls: off, security: off }',
    });
    expect((await run(['a.conf'], join(folder, 'conf/sites'))).code).toBe(0);
    expect((await run(['a.conf'], join(folder, 'conf/inner'))).code).toBe(1);
    await put({ 'conf/.lbctlrc.yaml': '# says nothing\n' });
    expect((await run(['a.conf'], join(folder, 'conf/sites'))).code).toBe(1);
  });

  test('is another file with --config or LBCTL_CONFIG, whose patterns start at its own folder', async () => {
    await put({ 'a.conf': FAULTS, '.lbctlrc.yaml': 'rules: { tls: error }' });
    await put({
      'etc/lint.yaml': 'rules: { tls: off }\nignore: [b.conf]',
      'etc/b.conf': FAULTS,
      'b.conf': FAULTS,
    });
    await symlink('etc/lint.yaml', join(folder, 'linked.yaml'));
    expect((await run(['a.conf', '--config', 'etc/lint.yaml'])).code).toBe(0);
    expect((await run(['b.conf', 'etc/b.conf', '--config', 'linked.yaml'])).stderr).toMatch(
      /^1 info in 1 file; 1 ignored file left out\n/u,
    );
    const env = { LBCTL_CONFIG: 'etc/lint.yaml' };
    expect((await run(['a.conf'], folder, env)).code).toBe(0);
    expect((await run(['a.conf', '--config', '.lbctlrc.yaml'], folder, env)).stderr).toContain('1 error');
    expect((await run(['a.conf', '--no-config'], folder, env)).stderr).toContain('1 warning');
    expect(await run(['a.conf', '--config', 'none.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no none.yaml') as string,
    });
  });

  test('that is wrong ends with 2, all of it told with line, caret and the nearest name', async () => {
    await put({
      'a.conf': FAULTS,
      '.lbctlrc.yaml': `target: newest
behind: nbl
rules:
  tls/weak-protocls: off
  qwertz-uiop: off
  lost-headers: info
  tls/weak-protocols: warn
  security/version-disclosure: { severty: info }
  security: { severity: info }
  syntax: off
  syntax/value: { severity: warning }
  syntax/context: error
ignore: [1, "!a.conf"]
maxWarnings: -1
baselin: a
`,
    });
    const { code, stdout, stderr } = await run(['a.conf']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    await expect(stderr).toMatchFileSnapshot('../../fixtures/lint-config/wrong.txt');
    const { error } = JSON.parse((await run(['--json', 'a.conf'])).stdout) as {
      error: { code: string; problems: { span: object }[] };
    };
    expect(error.code).toBe('invalid-input');
    expect(error.problems[0]!.span).toMatchObject({ file: '.lbctlrc.yaml', line: 1, column: 9 });
  });

  test.each([
    ['rules: [tls]', '.lbctlrc.yaml:1:8: rules must be a mapping, not a list'],
    ['- tls', '.lbctlrc.yaml:1:1: expected a mapping of keys to values'],
    ['rules: { tls: off', '.lbctlrc.yaml:1:18: not valid YAML'],
    ['plus: yes', '.lbctlrc.yaml:1:7: plus must be true or false, not "yes"'],
    ['target: 2', '.lbctlrc.yaml:1:9: "2" is no version of NGINX, such as 1.30'],
  ])('%s is refused', async (text, message) => {
    await put({ 'a.conf': '', '.lbctlrc.yaml': text });
    const { code, stderr } = await run(['a.conf']);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('has a JSON Schema with a description of every key', async () => {
    const { stdout, code } = await lbctl(['schema', '.lbctlrc.yaml'], { cwd: folder });
    expect(code).toBe(0);
    const { properties } = JSON.parse(stdout) as {
      properties: Record<
        string,
        { description?: string; properties?: Record<string, { description?: string }> }
      >;
    };
    expect(Object.keys(properties).toSorted()).toEqual([
      'baseline',
      'behind',
      'ignore',
      'maxWarnings',
      'plus',
      'rules',
      'target',
    ]);
    const rules = properties['rules']!.properties!;
    const described = [...Object.values(properties), ...Object.values(rules)];
    expect(described.filter(({ description }) => !description)).toEqual([]);
    expect(rules['tls/weak-protocols']!.description).toContain('docs/rules/tls/weak-protocols.md');
    expect(await lbctl(['schema', 'lbctlrc.yaml'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean .lbctlrc.yaml?') as string,
    });
  });
});

test.each([
  ['nlbproxy', 'did you mean nlb-proxy?'],
  ['cloudfront', 'it knows nlb, nlb-proxy, alb, none'],
])('--behind %s is refused', async (name, hint) => {
  await put({ 'a.conf': '' });
  const { code, stderr } = await run(['--behind', name, 'a.conf']);
  expect(code).toBe(2);
  expect(stderr).toBe(`error: --behind does not know ${name}\nhint: ${hint}\n`);
});
