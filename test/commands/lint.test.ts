import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl, PROGRAM } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';

const FINE = 'events {}\nhttp {\n    server {\n        listen 8080;\n    }\n}\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const put = (files: Files) => writeFiles(folder, files);
const run = (...args: string[]) => lbctl(['lint', ...args], { cwd: folder });

interface Report {
  readonly schemaVersion: number;
  readonly findings: readonly Record<string, unknown>[];
  readonly summary: Record<string, number>;
}
const json = async (...args: string[]): Promise<Report> =>
  JSON.parse((await run('--json', ...args)).stdout) as Report;
const rulesIn = async (...args: string[]) => (await json(...args)).findings.map(({ rule }) => rule);

describe('files', () => {
  test('without a fault end with 0', async () => {
    await put({ 'nginx.conf': FINE });
    expect(await run('nginx.conf')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'nothing found in 1 file\n',
    });
  });

  test('with a fault end with 1, and are told with place, line, caret and hint', async () => {
    await put({ 'nginx.conf': FINE.replace('8080', '8080 defualt_server') });
    const { code, stdout, stderr } = await run('nginx.conf');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '1 error in 1 file\n' });
    expect(stdout).toBe(`nginx.conf:4:21: error: listen has no parameter defualt_server  syntax/parameter
    4 |         listen 8080 defualt_server;
      |                     ^^^^^^^^^^^^^^
  hint: did you mean default_server?
  page: lbctl rules syntax/parameter
`);
  });

  test('are looked through with all that they include, each file once', async () => {
    await put({
      'nginx.conf': 'events {}\nhttp {\n    include sites/*.conf;\n}\n',
      'sites/a.conf': 'server { listen 1 2; }\n',
      'sites/b.conf': 'server { listen 8081; }\n',
    });
    const { findings, summary } = await json('nginx.conf', 'sites');
    expect(findings).toMatchObject([{ file: 'sites/a.conf', line: 1, column: 19, rule: 'syntax/parameter' }]);
    expect(summary).toEqual({ files: 3, errors: 1, warnings: 0, infos: 0 });
  });

  test('that are pipes or devices are not read where something includes them', async () => {
    await put({ 'nginx.conf': 'events {}\ninclude pipe;\ninclude /dev/zero;\n' });
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    const { findings } = await json('nginx.conf');
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['reliability/missing-include', 'pipe cannot be read'],
      ['reliability/missing-include', '/dev/zero cannot be read'],
    ]);
  });

  test('in folders and behind links are found', async () => {
    await put({ 'conf/nginx.conf': FINE, 'conf/sites-enabled/plain': 'server { gzip maybe; }' });
    symlinkSync('conf', join(folder, 'linked'));
    expect(await rulesIn('linked')).toEqual(['syntax/value']);
  });

  test('with the lines of a table are left to the block that includes them', async () => {
    await put({
      'bots.conf': '~*bot 1;\n~*crawl 1;\ndefault 0;\n',
      'typo.conf': 'proxy_pas http://a;\ngzp on;\n',
    });
    expect(await rulesIn('bots.conf')).toEqual([]);
    expect(await rulesIn('typo.conf')).toEqual(['syntax/unknown-directive', 'syntax/unknown-directive']);
  });

  test('of ModSecurity are left alone in folders', async () => {
    await put({ 'conf.d/modsecurity.conf': '# rules\nSecRuleEngine On\n', 'conf.d/site.conf': 'gzip on;' });
    expect((await json('conf.d')).summary).toMatchObject({ files: 1, errors: 0 });
    expect((await run('conf.d/modsecurity.conf')).code).toBe(1);
  });

  test('that are parts are judged where their directives belong, or where --context says', async () => {
    await put({ 'proxy.conf': 'proxy_pass http://web;\nlimit_req zone=made_elsewhere;\n' });
    expect(await rulesIn('proxy.conf')).toEqual([]);
    expect(await rulesIn('--context', 'server', 'proxy.conf')).toEqual(['syntax/context']);
  });

  test('with bytes that are no UTF-8 are read, and a byte order mark is told', async () => {
    await put({ 'a.conf': Buffer.concat([Buffer.from('events {}\n# '), Buffer.from([0xe9, 0xff, 0x00])]) });
    expect((await run('a.conf')).code).toBe(0);
    await put({ 'b.conf': `\u{FEFF}${FINE}` });
    expect(await rulesIn('b.conf')).toContain('syntax/byte-order-mark');
  });

  test('may be empty, but the main file', async () => {
    await put({ 'nginx.conf': '# gone\n', 'a.conf': '', 'old/nginx.conf': '' });
    expect((await json('nginx.conf')).findings).toMatchObject([
      { rule: 'syntax/missing-block', message: 'there is no events block', line: 1 },
    ]);
    expect(await rulesIn('a.conf', 'old')).toEqual([]);
    expect(await rulesIn('--context', 'http', 'nginx.conf')).toEqual([]);
  });
});

describe('the target', () => {
  const rulesFor = async (text: string, ...args: string[]) => {
    await put({ 'part.conf': text });
    return await json('--only', 'syntax', ...args, 'part.conf');
  };

  test.each([
    ['http2 on;', '1.25.0', ['http2 is there since NGINX 1.25.1, the target is 1.25.0']],
    ['http2 on;', '1.25.1', []],
    ['server { ssl on; }', '1.24', []],
    ['server { ssl on; }', '1.26', ['ssl is gone since the release behind NGINX 1.25.0, the target is 1.26']],
    ['upstream a { server b:1 resolve; zone a 64k; }', '1.27.2', ['server has no parameter resolve']],
    ['upstream a { server b:1 resolve; zone a 64k; }', '1.27.3', []],
    ['location / { health_check; }', '1.30', ['health_check belongs to NGINX Plus']],
    ['log_format a $ssl_curve;', '1.20', []],
    ['server { listen 81 multipath; }', '1.29.6', ['listen has no parameter multipath']],
    ['server { listen 81 multipath; }', '1.29.7', []],
    ['proxy_http_version 2;', '1.29.3', ['proxy_http_version does not know 2']],
    ['proxy_http_version 2;', '1.29.4', []],
    ['proxy_http_version 1.2;', '1.30', ['proxy_http_version does not know 1.2']],
    ['fastcgi_limit_rate $arg_rate;', '1.26', ['fastcgi_limit_rate takes a size, not $arg_rate']],
    ['fastcgi_limit_rate $arg_rate;', '1.28', []],
    [
      'geo $a { volatile; default 1; }',
      '1.29.2',
      ['a line of geo has a network and a value; here are 1 words'],
    ],
    ['geo $a { volatile; default 1; }', '1.29.3', []],
  ])('%s for %s', async (text, target, messages) => {
    const { findings } = await rulesFor(text, '--target', target);
    expect(findings.map(({ message }) => message)).toEqual(messages);
  });

  test.each([
    'location / { health_check; }',
    'upstream a { zone a 64k; state /var/lib/nginx/a.state; }',
    'limit_req_zone $arg_a zone=a:1m rate=1r/s sync;',
    'stream { server { listen 1; proxy_pass 127.0.0.1:2; status_zone a; } } events { }',
  ])('may be NGINX Plus: %s', async (text) => {
    const { findings } = await rulesFor(text, '--plus');
    expect(findings).toEqual([]);
  });
});

describe('findings', () => {
  const TEXT = 'server {\n    server_tokens on;\n    ssl_protocols TLSv1;\n    gzip maybe;\n}\n';
  const found = async (...args: string[]) => {
    await put({ 'a.conf': TEXT });
    const { code, stdout } = await run('--json', 'a.conf', ...args);
    return { code, rules: (JSON.parse(stdout) as Report).findings.map(({ rule }) => rule) };
  };

  test.each([
    [['--only', 'tls'], 1, ['tls/weak-protocols']],
    [['--only', 'syntax/value,version-disclosure'], 1, ['security/version-disclosure', 'syntax/value']],
    [['--only', 'security'], 0, ['security/version-disclosure']],
    [['--severity', 'error'], 1, ['syntax/value']],
    [['--severity', 'warning'], 1, ['tls/weak-protocols', 'syntax/value']],
    [['--only', 'tls', '--max-warnings', '1'], 0, ['tls/weak-protocols']],
    [['--max-warnings', '9'], 1, ['security/version-disclosure', 'tls/weak-protocols', 'syntax/value']],
  ])('are chosen by %j', async (args, code, rules) => {
    expect(await found(...args)).toEqual({ code, rules });
  });
});

describe('people are told', () => {
  const server = (name: string) =>
    `server {\n    server_name ${name};\n    location / {\n        proxy_set_header Host $http_host;\n        proxy_pass http://127.0.0.1:9001;\n    }\n}\n`;

  test('what a rule is about once, its hint once a file, and where one file ends', async () => {
    await put({ 'a.conf': server('a') + server('b'), 'b.conf': server('c') });
    const { stdout } = await run('a.conf', 'b.conf');
    const finding = (place: string) =>
      `${place}:31: warning: Host is $http_host, whatever the client wrote  security/host-spoofing\n`;
    const hint =
      '  hint: use $host, which is the name of the server where the client names none,\n    or a fixed name\n';
    expect(stdout.replaceAll(/^ +\d* \|.*\n/gmu, '')).toBe(
      `${finding('a.conf:4')}  why: the client chooses the Host header that the server behind is given\n${hint}` +
        `  page: lbctl rules security/host-spoofing\n${finding('a.conf:11')}\n${finding('b.conf:4')}${hint}`,
    );
  });

  test('what --fix does, and for how many', async () => {
    await put({
      'a.conf': 'server {\n    ssl_protocols TLSv1 TLSv1.2;\n    server_tokens on;\n    gzip maybe;\n}\n',
    });
    const { stdout, stderr } = await run('a.conf');
    expect(stdout).toContain('\n  fix: take out TLSv1 (--fix does it)\n');
    expect(stderr).toBe(
      '1 error, 1 warning, 1 info in 1 file\n--fix mends 2 of them; --fix-dry-run shows how\n',
    );
  });

  test('with no line of an excerpt beyond 80 columns, and the caret below what is meant', async () => {
    await put({ 'a.conf': `server { ${'listen 80; '.repeat(40)}gzip maybe; ${'listen 81; '.repeat(40)}}\n` });
    const { stdout } = await run('--only', 'syntax/value', 'a.conf');
    const [, source = '', caret = ''] = stdout.split('\n');
    expect(source.length).toBe(80);
    expect(source).toMatch(/^ {4}1 \| ….*…$/u);
    expect(source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('maybe');
  });

  test('how often each rule speaks, where there is much to read', async () => {
    const text = Array.from(
      'abcdefghijkl',
      (name) => `location /${name} { gzip maybe; server_tokens on; }\n`,
    );
    await put({ 'a.conf': text.join('') });
    expect((await run('a.conf')).stderr).toBe(
      '     12  syntax/value\n     12  security/version-disclosure\n12 errors, 12 infos in 1 file\n' +
        '--fix mends 12 of them; --fix-dry-run shows how\n',
    );
  });

  test('that a file cannot be read, whatever was asked for', async () => {
    await put({ 'a.conf': 'server {\n    listen 80\n}\n' });
    const { code, stdout, stderr } = await run('--only', 'tls', '--severity', 'warning', 'a.conf');
    expect(code).toBe(1);
    expect(stdout).toContain('a.conf:2:14: error: ; is missing behind listen 80');
    expect(stderr).toBe(
      '1 error in 1 file\na.conf cannot be read as it is meant; what else is told of it may change once that is mended\n',
    );
  });
});

test('--format prints for other programs', async () => {
  await put({ 'a.conf': 'gzip maybe;' });
  const { code, stdout } = await run('--format', 'compact', 'a.conf');
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: 'a.conf:1:6: error: gzip is either on or off, not maybe [syntax/value]\n',
  });
});

test.skipIf(process.getuid?.() !== 0)('a file that cannot be read is told in every form', async () => {
  await put({ 'a.conf': 'gzip on;', 'b.conf': 'gzip on;' });
  chmodSync(join(folder, 'b.conf'), 0o600);
  for (const format of ['checkstyle', 'compact', 'github', 'junit', 'sarif']) {
    const { code, stdout } = await lbctl(['lint', '--format', format, '.'], { cwd: folder, uid: 65_534 });
    expect({ format, code }).toEqual({ format, code: 2 });
    expect(stdout).toContain('lint/unreadable-file');
    if (format !== 'sarif') continue;
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        {
          invocations: [{ executionSuccessful: false, exitCode: 2 }],
          artifacts: [{ location: { uri: 'a.conf' } }, { location: { uri: 'b.conf' } }],
          results: [],
        },
      ],
    });
  }
});

test('--format sarif brings the pages of the rules that speak', async () => {
  await put({ 'a.conf': 'gzip maybe;' });
  const { code, stdout } = await run('--format', 'sarif', 'a.conf');
  expect(code).toBe(1);
  const page = await readFile(new URL('../../docs/rules/syntax/value.md', import.meta.url), 'utf8');
  expect(JSON.parse(stdout)).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { rules: [{ id: 'syntax/value', help: { markdown: page } }] } },
        invocations: [{ executionSuccessful: true, exitCode: 1 }],
        results: [{ ruleId: 'syntax/value', ruleIndex: 0, level: 'error' }],
      },
    ],
  });
});

describe('what cannot be done', () => {
  test('without files an lb.yaml that is there is named first', async () => {
    await put({ 'lb.yaml': '' });
    expect((await run()).stderr).toContain('hint: lbctl lint lb.yaml, ');
  });

  test.each([
    [['--format', 'sarf', 'a.conf'], 'there is no format sarf\nhint: did you mean sarif?'],
    [
      ['--only', 'weak-protocls', 'a.conf'],
      'there is no rule weak-protocls\nhint: did you mean weak-protocols?',
    ],
    [['--severity', 'fatal', 'a.conf'], 'there is no severity fatal'],
    [['--max-warnings', 'many', 'a.conf'], '--max-warnings takes a number, not many'],
    [[], 'lint needs files to look at\nhint: lbctl lint /etc/nginx/nginx.conf, '],
    [['-f', 'lb.yaml'], "unknown option '-f'\nhint: lint takes files without -f: lbctl lint lb.yaml\n"],
    [['--file=lb.yaml', '--plus'], 'lint takes files without --file=lb.yaml: lbctl lint lb.yaml --plus\n'],
    [['--target', 'newest', 'a.conf'], 'newest is no version of NGINX'],
    [['--context', 'locaton', 'a.conf'], 'there is no context locaton'],
    [['missing.conf'], 'there is no missing.conf'],
    [['empty'], 'empty has no NGINX configuration file'],
    [['--stdin', 'a.conf'], 'stdin and files cannot be looked at in one run'],
    [['-', 'a.conf'], 'stdin and files cannot be looked at in one run'],
  ])('%j ends with 2 and says why', async (args, message) => {
    await put({ 'a.conf': '' });
    await mkdir(join(folder, 'empty'));
    const { code, stderr, stdout } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

test('--json keeps the form that scripts rely on', async () => {
  await put({ 'a.conf': 'server {\n    listen eighty;\n    gzip maybe;\n}\n' });
  const { schemaVersion, findings } = await json('a.conf');
  expect(schemaVersion).toBe(1);
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(findings).toEqual([
    {
      rule: 'syntax/value',
      severity: 'error',
      message: 'gzip is either on or off, not maybe',
      file: 'a.conf',
      line: 3,
      column: 10,
      endLine: 3,
      endColumn: 15,
      fixable: false,
      url: `https://unpkg.com/lbctl@${version}/docs/rules/syntax/value.md`,
    },
  ]);
});

test.skipIf(process.getuid?.() !== 0)(
  'a file of a folder that cannot be read is told, and the others are looked at',
  async () => {
    await put({ 'a.conf': 'gzip yes;', 'b.conf': FINE, 'sites/c.conf': 'gzip yes;' });
    chmodSync(join(folder, 'b.conf'), 0o600);
    const asNobody = (...args: string[]) => lbctl(['lint', ...args, '.'], { cwd: folder, uid: 65_534 });
    expect(await asNobody()).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^a\.conf:1:6: error(?:.|\n)*^sites\/c\.conf:1:6: error/mu),
      stderr: expect.stringContaining('cannot read b.conf'),
    });
    const { code, stdout } = await asNobody('--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ file: 'a.conf' }, { file: 'sites/c.conf' }],
      error: { code: 'unreadable-file', message: 'cannot read b.conf' },
    });
  },
);

test('characters that steer a terminal are shown, not sent', async () => {
  const name = 'a\n\u001B[2J.conf';
  await put({ [name]: 'events {}\nhttp { gzip \u001B[31my\u0085\u0000; }\n' });
  const { stdout } = await run(name);
  expect(stdout)
    .toBe(`a\u240A\u241B[2J.conf:2:13: error: gzip is either on or off, not \u241B[31my\uFFFD\u2400  syntax/value
    2 | http { gzip \u241B[31my\uFFFD\u2400; }
      |             ^^^^^^^^
  page: lbctl rules syntax/value
`);
  const ran = await lbctl(['fmt', name], { cwd: folder });
  expect(ran.stderr).toContain('a\u240A\u241B[2J.conf');
  expect((await json(name)).findings).toMatchObject([{ file: name }]);
});

test.skipIf(!existsSync('/dev/full'))('output that cannot be written is told and ends with 3', async () => {
  await put({ 'a.conf': 'gzip yes;' });
  for (const command of ['lint a.conf', 'lint --json a.conf', 'fmt --stdin < a.conf']) {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"$0" "$1" ${command} > /dev/full`, process.execPath, PROGRAM],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect({ status, stderr: stderr.split('\n').at(-2) }).toEqual({
      status: 3,
      stderr: 'error: cannot write the output: no space left on device',
    });
  }
});
