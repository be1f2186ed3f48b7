import { chmodSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';

const LEGACY = 'server {\n    server_tokens on;\n    proxy_ssl_protocols TLSv1;\n}\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, '.git'));
});
const put = (files: Files) => writeFiles(folder, files);
const run = (...args: string[]) => lbctl(['lint', ...args], { cwd: folder });
const withBaseline = (...args: string[]) => run('--baseline', 'base.json', ...args);
const places = async (...args: string[]) => {
  const { stdout } = await withBaseline('--json', ...args);
  const { findings } = JSON.parse(stdout) as { findings: { file: string; line: number; rule: string }[] };
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);
};

describe('a baseline', () => {
  test('is made once, and then what it holds is left out and counted', async () => {
    await put({ 'a.conf': LEGACY });
    expect(await withBaseline('--update-baseline', 'a.conf')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'nothing found in 1 file; 2 known findings left out\nwrote base.json: 2 findings\n',
    });
    const text = await readFile(join(folder, 'base.json'), 'utf8');
    expect(text).toMatch(
      /^\{\n {2}"format": "lbctl lint baseline",\n {2}"version": 1,\n {2}"findings": \[\n/u,
    );
    expect(JSON.parse(text)).toMatchObject({
      findings: [
        { file: 'a.conf', rule: 'security/version-disclosure' },
        { file: 'a.conf', rule: 'tls/weak-protocols' },
      ],
    });
    await put({ 'a.conf': `${LEGACY}server { listen 81; ssl_protocols SSLv3; }\n` });
    expect(await withBaseline('a.conf')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^a\.conf:5:35: warning/u) as string,
      stderr: '1 warning in 1 file; 2 known findings left out\n',
    });
    const { summary } = JSON.parse((await withBaseline('--json', 'a.conf')).stdout) as { summary: object };
    expect(summary).toEqual({ files: 1, errors: 0, warnings: 1, infos: 0, known: 2 });
    // only what would have been told is counted
    expect((await withBaseline('--only', 'tls', 'a.conf')).stderr).toBe(
      '1 warning in 1 file; 1 known finding left out\n',
    );
    // the same findings give the same file
    await put({ 'a.conf': LEGACY });
    await withBaseline('--update-baseline', 'a.conf');
    expect(await readFile(join(folder, 'base.json'), 'utf8')).toBe(text);
    expect(readdirSync(folder).toSorted()).toEqual(['.git', 'a.conf', 'base.json']);
  });

  test('knows findings that have moved, and lines that were laid out anew', async () => {
    await put({ 'a.conf': LEGACY });
    await withBaseline('--update-baseline', 'a.conf');
    await put({ 'a.conf': `# one\n\n# two\n${LEGACY.replaceAll('    ', '\t')}` });
    expect(await places('a.conf')).toEqual([]);
    await put({ 'a.conf': LEGACY.replaceAll('\n', '\r\n').replace('tokens on', 'tokens   on') });
    expect(await places('a.conf')).toEqual([]);
    await put({ 'a.conf': LEGACY.replace('TLSv1', 'SSLv3') });
    expect(await places('a.conf')).toEqual(['a.conf:3 tls/weak-protocols']);
  });

  test('tells of equal lines the one that is new, wherever it is', async () => {
    const server = (name: string) =>
      `server {\n    server_name ${name};\n    ssl_protocols TLSv1;\n    # ${name}\n}\n`;
    await put({ 'a.conf': `${server('a')}${server('b')}` });
    await withBaseline('--update-baseline', 'a.conf');
    for (const [text, line] of [
      [server('new') + server('a') + server('b'), 3],
      [server('a') + server('new') + server('b'), 8],
      [server('b') + server('a') + server('new'), 13],
    ] as const) {
      await put({ 'a.conf': text });
      expect(await places('a.conf')).toEqual([`a.conf:${line} tls/weak-protocols`]);
    }
    // a change beside it makes no finding new
    await put({ 'a.conf': server('a') + server('renamed') });
    expect(await places('a.conf')).toEqual([]);
  });

  test('is the same from every folder, and for the file behind a link', async () => {
    const tls = '    listen 443 ssl;\n    ssl_certificate a.pem;\n    ssl_certificate_key a.key;\n}\n';
    await put({
      'conf/a.conf': LEGACY.replace('}\n', tls),
      'conf/nginx.conf': 'events {}\nhttp { include on/*; }\n',
    });
    await mkdir(join(folder, 'conf/on'));
    await symlink('../a.conf', join(folder, 'conf/on/a.conf'));
    await withBaseline('--update-baseline', 'conf/nginx.conf');
    const inside = await lbctl(['lint', '--baseline', '../base.json', 'a.conf'], {
      cwd: join(folder, 'conf'),
    });
    expect(inside.stderr).toBe('nothing found in 1 file; 2 known findings left out\n');
    expect(await places('conf/on/a.conf')).toEqual([]);
  });

  test('says what is gone, of the files that were looked at', async () => {
    await put({ 'a.conf': LEGACY, 'b.conf': LEGACY, 'c.conf': LEGACY });
    await withBaseline('--update-baseline', '.');
    await put({ 'a.conf': LEGACY.replace('TLSv1', 'TLSv1.3'), 'b.conf': '' });
    const { code, stderr } = await withBaseline('a.conf');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'nothing found in 1 file; 1 known finding left out\n' +
        '1 finding of the baseline is gone; --update-baseline takes it out of base.json:\n  a.conf: tls/weak-protocols\n',
    });
    await rm(join(folder, 'c.conf'));
    const document = JSON.parse((await withBaseline('--json', 'a.conf')).stdout) as { gone: object[] };
    expect(document.gone).toEqual([
      { file: 'a.conf', rule: 'tls/weak-protocols', count: 1 },
      { file: 'c.conf', rule: 'security/version-disclosure', count: 1 },
      { file: 'c.conf', rule: 'tls/weak-protocols', count: 1 },
    ]);
    // what was not looked at stays known
    expect((await withBaseline('--update-baseline', 'a.conf')).stderr).not.toContain('gone');
    const { findings } = JSON.parse(await readFile(join(folder, 'base.json'), 'utf8')) as {
      findings: { file: string }[];
    };
    expect(findings.map(({ file }) => file)).toEqual(['a.conf', 'b.conf', 'b.conf']);
  });

  test('never holds what NGINX refuses', async () => {
    await put({ 'a.conf': 'gzip maybe;\nserver_tokens on;\n' });
    expect((await withBaseline('--update-baseline', 'a.conf')).code).toBe(1);
    expect(await places('a.conf')).toEqual(['a.conf:1 syntax/value']);
    // written by hand
    const { findings } = JSON.parse(await readFile(join(folder, 'base.json'), 'utf8')) as {
      findings: object[];
    };
    const all = findings.flatMap((one) => [one, { ...one, rule: 'syntax/value' }]);
    await put({ 'base.json': JSON.stringify({ format: 'lbctl lint baseline', version: 1, findings: all }) });
    expect(await places('a.conf')).toEqual(['a.conf:1 syntax/value']);
  });

  test('may be named in .lbctlrc.yaml, holds severities that it sets, and is for stdin too', async () => {
    await put({
      'conf/a.conf': LEGACY,
      '.lbctlrc.yaml': 'baseline: lint/base.json\nrules: { security: error }',
    });
    await mkdir(join(folder, 'lint'));
    const inside = { cwd: join(folder, 'conf') };
    expect(await lbctl(['lint', 'a.conf'], inside)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no baseline') as string,
    });
    expect((await lbctl(['lint', '--update-baseline', 'a.conf'], inside)).code).toBe(0);
    expect((await run('conf/a.conf')).stderr).toBe('nothing found in 1 file; 2 known findings left out\n');
    expect((await run('--no-config', 'conf/a.conf')).code).toBe(1);
    const stdin = { cwd: folder, input: LEGACY };
    await lbctl(['lint', '-', '--baseline', 'stdin.json', '--update-baseline'], stdin);
    expect((await lbctl(['lint', '-', '--baseline', 'stdin.json'], stdin)).code).toBe(0);
  });

  test('of a whole configuration on one line tells findings from each other', async () => {
    const text = (...inner: string[]) =>
      `events {} http { ${inner.map((one) => `server { ${one} } ${'types { a b; } '.repeat(30)}`).join(' ')} }`;
    await put({ 'a.conf': text('proxy_ssl_protocols TLSv1;') });
    await withBaseline('--update-baseline', 'a.conf');
    await put({ 'a.conf': text('proxy_ssl_protocols TLSv1;', 'listen 81; proxy_ssl_protocols TLSv1.1;') });
    expect(await places('--only', 'tls', 'a.conf')).toEqual(['a.conf:1 tls/weak-protocols']);
  });
});

describe('what cannot be done', () => {
  const GOOD = '{"format":"lbctl lint baseline","version":1,"findings":[]}';

  test.each([
    ['', 'is no baseline of lbctl lint: Unexpected end of JSON input'],
    ['<<<<<<< HEAD\n', 'is no baseline of lbctl lint: '],
    [
      '{"name": "shop", "version": "1"}',
      'is no baseline of lbctl lint: its format is not "lbctl lint baseline"',
    ],
    ['[]', 'is no baseline of lbctl lint: its format is not'],
    ['null', 'is no baseline of lbctl lint: its format is not'],
    [GOOD.replace('1', '2'), 'its version is 2, which a newer lbctl wrote\nhint: update lbctl'],
    [GOOD.replace('[]', '{}'), 'it has no list of findings'],
    [GOOD.replace('[]', '[{"file":1}]'), 'its finding 1 is none'],
  ])('with %s as a baseline', async (text, message) => {
    await put({ 'a.conf': LEGACY, 'base.json': text });
    for (const args of [['a.conf'], ['--update-baseline', 'a.conf']]) {
      const { code, stdout, stderr } = await withBaseline(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(message);
    }
    // nothing of another program is written over
    expect(await readFile(join(folder, 'base.json'), 'utf8')).toBe(text);
  });

  test.each([
    [['--update-baseline', 'a.conf'], '--update-baseline needs to know which file'],
    [
      ['--baseline', 'b', '--update-baseline', '--only', 'tls', 'a.conf'],
      '--update-baseline takes all findings',
    ],
    [['--baseline', 'b', '--update-baseline', '--severity', 'error', 'a.conf'], 'takes all findings'],
    [['--baseline', 'b', '--update-baseline', 'a.conf', '--changed'], 'takes all findings'],
    [
      ['--baseline', 'none.json', 'a.conf'],
      'there is no baseline none.json\nhint: make it: lbctl lint --baseline',
    ],
    [['--baseline', '.', 'a.conf'], 'cannot read'],
  ])('%j ends with 2', async (args, message) => {
    await put({ 'a.conf': LEGACY });
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder).toSorted()).toEqual(['.git', 'a.conf']);
  });

  test('writing where there is no folder, or no right to', async () => {
    await put({ 'a.conf': LEGACY });
    expect(await run('--baseline', 'none/b.json', '--update-baseline', 'a.conf')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('cannot write none/b.json') as string,
    });
    if (process.getuid?.() !== 0) return;
    chmodSync(folder, 0o755);
    const args = ['lint', '--baseline', 'b.json', '--update-baseline', 'a.conf'];
    expect(await lbctl(args, { cwd: folder, uid: 65_534 })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('cannot write b.json') as string,
    });
  });
});
