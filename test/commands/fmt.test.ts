import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

const UGLY = 'http{ server{listen 80;} }';
const FINE = 'http {\n    server {\n        listen 80;\n    }\n}\n';
const BROKEN = 'http {\n  listen 80\n}\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const run = (...args: string[]) => lbctl(['fmt', ...args], { cwd: folder });
const feed = (input: string, ...args: string[]) => lbctl(['fmt', ...args], { cwd: folder, input });
const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('files', () => {
  test('are formatted in place and named', async () => {
    put('a.conf', UGLY);
    put('b.conf', FINE);
    const ran = await run('a.conf', 'b.conf');
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '  a.conf\n1 of 2 files formatted\n' });
    expect(read('a.conf')).toBe(FINE);
    expect((await run('a.conf', 'b.conf')).stderr).toBe('0 of 2 files formatted\n');
  });

  test('that are formatted already are not touched', async () => {
    put('a.conf', FINE);
    utimesSync(join(folder, 'a.conf'), 1, 1);
    const { ino, mtimeMs } = statSync(join(folder, 'a.conf'));
    expect((await run('.')).code).toBe(0);
    expect(statSync(join(folder, 'a.conf'))).toMatchObject({ ino, mtimeMs });
  });

  test('keep their mode, and links stay links', async () => {
    put('real.conf', UGLY);
    chmodSync(join(folder, 'real.conf'), 0o640);
    symlinkSync('real.conf', join(folder, 'link.conf'));
    expect((await run('link.conf')).code).toBe(0);
    expect(lstatSync(join(folder, 'link.conf')).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(folder, 'real.conf')).isSymbolicLink()).toBe(false);
    expect(statSync(join(folder, 'real.conf')).mode & 0o7777).toBe(0o640);
    expect(read('real.conf')).toBe(FINE);
  });

  test('keep CRLF and bytes that are no UTF-8', async () => {
    put('a.conf', Buffer.from('# \xe4\r\nuser   x;\r\n', 'latin1'));
    expect((await run('a.conf')).code).toBe(0);
    expect(readFileSync(join(folder, 'a.conf'), 'latin1')).toBe('# \xe4\r\nuser x;\r\n');
  });

  test('come from folders and from patterns that no shell has expanded', async () => {
    mkdirSync(join(folder, 'sites-enabled'));
    put('a.conf', UGLY);
    put('sites-enabled/shop', UGLY);
    expect(await run('*.conf', 'sites-*')).toMatchObject({
      code: 0,
      stderr: '  a.conf\n  sites-enabled/shop\n2 of 2 files formatted\n',
    });
  });
});

test('files of ModSecurity in a folder are left out', async () => {
  put('modsecurity.conf', '# rules\nSecRuleEngine On\n');
  put('includes.conf', '#\ninclude modsecurity.conf\n');
  put('a.conf', UGLY);
  put('b.conf', '# no word\n\n\n');
  const { code, stderr } = await run('.');
  expect(code).toBe(0);
  expect(stderr).toContain("modsecurity.conf is left out: it is ModSecurity's\n");
  expect(stderr).toContain('\n  a.conf\n  b.conf\n2 of 2 files formatted\n');
  expect(read('includes.conf')).toBe('#\ninclude modsecurity.conf\n');
  expect((await run('includes.conf')).code).toBe(2);
});

test.each(['user  nginx\n', 'include a\nuser x\n'])(
  'what is not of ModSecurity is told: %j',
  async (text) => {
    put('a.conf', text);
    expect(await run('.')).toMatchObject({ code: 2, stderr: expect.stringContaining('; is missing behind') });
  },
);

describe('a file that NGINX could not read', () => {
  test('stays as it is and is told, and the others are formatted', async () => {
    put('a.conf', BROKEN);
    put('b.conf', UGLY);
    put('c.conf', 'a  b;\n}\n');
    const { code, stdout, stderr } = await run('.');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('a.conf:2:12: ; is missing behind listen 80\n    2 |   listen 80\n');
    expect(stderr).toContain('c.conf:2:1: unexpected }');
    expect(stderr).toContain('error: 2 files have 2 problems');
    expect([read('a.conf'), read('b.conf'), read('c.conf')]).toEqual([BROKEN, FINE, 'a  b;\n}\n']);
  });

  test('is in the document beside the files', async () => {
    put('a.conf', BROKEN);
    put('b.conf', UGLY);
    const { code, stdout } = await run('--json', '.');
    expect(code).toBe(2);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(['schemaVersion', 'files', 'error']);
    expect(document).toMatchObject({
      files: [{ file: 'b.conf', changed: true }],
      error: { code: 'invalid-input', problems: [{ span: { file: 'a.conf', line: 2, column: 12 } }] },
    });
  });

  test.each(['--check', '--diff'])('ends %s with 2 as well', async (flag) => {
    put('a.conf', BROKEN);
    expect((await run(flag, 'a.conf')).code).toBe(2);
  });
});

describe('--check', () => {
  test('names what would change, exits 1 and writes nothing', async () => {
    put('a.conf', UGLY);
    put('b.conf', FINE);
    expect(await run('--check', '.')).toMatchObject({ code: 1, stdout: 'a.conf\n' });
    expect(read('a.conf')).toBe(UGLY);
  });

  test('exits 0 where nothing would', async () => {
    put('b.conf', FINE);
    expect(await run('--check', '.')).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('--diff', () => {
  const DIFF = '--- a.conf\n+++ a.conf\n@@ -1 +1 @@\n-a  b;\n+a b;\n';

  test('prints what would change, exits 0 and writes nothing', async () => {
    put('a.conf', 'a  b;\n');
    put('b.conf', FINE);
    expect(await run('--diff', '.')).toMatchObject({ code: 0, stdout: DIFF });
    expect(read('a.conf')).toBe('a  b;\n');
  });

  test('exits 1 with --check', async () => {
    put('a.conf', 'a  b;\n');
    expect(await run('--diff', '--check', '.')).toMatchObject({ code: 1, stdout: DIFF });
    put('a.conf', 'a b;\n');
    expect(await run('--diff', '--check', '.')).toMatchObject({ code: 0, stdout: '' });
    expect(await run('--diff', '.')).toMatchObject({ code: 0, stdout: '' });
  });

  test('is a part of the document', async () => {
    put('a.conf', 'a  b;\n');
    const { stdout } = await run('--diff', '--json', '.');
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      files: [{ file: 'a.conf', changed: true, diff: DIFF }],
    });
  });
});

describe('stdin', () => {
  test.each(['--stdin', '-'])('goes to stdout with %s', async (how) => {
    expect(await feed(UGLY, how)).toMatchObject({ code: 0, stdout: FINE, stderr: '' });
    expect(await feed(FINE, how)).toMatchObject({ code: 0, stdout: FINE });
    expect(await feed('', how)).toMatchObject({ code: 0, stdout: '' });
  });

  test('comes out with the bytes that it came in with', () => {
    const input = Buffer.from('# \xe4\r\nuser   "\xff";\r\n', 'latin1');
    const { status, stdout } = spawnSync(process.execPath, [PROGRAM, 'fmt', '-'], { input, cwd: folder });
    expect([status, stdout.toString('latin1')]).toEqual([0, '# \xe4\r\nuser "\xff";\r\n']);
  });

  test('that is broken gives nothing', async () => {
    const ran = await feed(BROKEN, '--stdin');
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('<stdin>:2:12: ') });
    expect(ran.stderr).not.toContain('files formatted');
  });

  test('can be checked, compared and put into a document', async () => {
    expect(await feed(UGLY, '--check', '-')).toMatchObject({ code: 1, stdout: '' });
    expect(await feed(FINE, '--check', '-')).toMatchObject({ code: 0, stdout: '' });
    expect((await feed('a  b;\n', '--diff', '-')).stdout).toContain('--- <stdin>\n');
    expect(JSON.parse((await feed('a  b;\n', '--json', '-')).stdout)).toEqual({
      schemaVersion: 1,
      files: [{ file: '<stdin>', changed: true, content: 'a b;\n' }],
    });
  });
});

test('--json lists every file, schemaVersion first', async () => {
  put('a.conf', UGLY);
  put('b.conf', FINE);
  const { code, stdout, stderr } = await run('--json', '.');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.startsWith('{\n  "schemaVersion": 1,')).toBe(true);
  expect(JSON.parse(stdout)).toEqual({
    schemaVersion: 1,
    files: [
      { file: 'a.conf', changed: true },
      { file: 'b.conf', changed: false },
    ],
  });
  expect(read('a.conf')).toBe(FINE);
  put('a.conf', UGLY);
  expect((await run('--json', '--check', '.')).code).toBe(1);
  expect(read('a.conf')).toBe(UGLY);
});

test.each([
  ['2', '  '],
  ['8', '        '],
  ['tab', '\t'],
])('--indent %s', async (indent, step) => {
  expect((await feed('a{b{c;}}', '--indent', indent, '-')).stdout).toBe(
    `a {\n${step}b {\n${step}${step}c;\n${step}}\n}\n`,
  );
});

test.each([
  ['nothing to format', [], 'say what to format'],
  ['stdin and files', ['--stdin', 'a.conf'], 'stdin and files'],
  ['stdin among files', ['a.conf', '-'], 'stdin and files'],
  ['a strange indentation', ['--indent', '0', 'a.conf'], '--indent takes 1 to 16 or tab, not 0'],
  ['an indentation in words', ['--indent', 'four', 'a.conf'], 'not four'],
  ['a file that is not there', ['a.conf', 'none.conf'], 'there is no none.conf'],
  ['a folder without files', ['empty'], 'empty has no NGINX configuration file'],
  ['an unknown option', ['--in-place', 'a.conf'], "unknown option '--in-place'"],
])('%s is refused before anything is written', async (_, args, says) => {
  put('a.conf', UGLY);
  mkdirSync(join(folder, 'empty'));
  expect(await run(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
  expect(read('a.conf')).toBe(UGLY);
});

describe.skipIf(process.getuid?.() !== 0)('what the system refuses', () => {
  const NOBODY = 65_534;
  const runAsNobody = (...args: string[]) => lbctl(['fmt', ...args], { cwd: folder, uid: NOBODY });

  test('to be written is told, and exits 3', async () => {
    put('a.conf', UGLY);
    put('b.conf', FINE);
    const ran = await runAsNobody('.');
    expect(ran).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/cannot write a\.conf: permission denied/u),
    });
    expect(read('a.conf')).toBe(UGLY);
  });

  test('to be read is told, and the others are looked at', async () => {
    put('a.conf', UGLY);
    put('b.conf', UGLY);
    chmodSync(join(folder, 'a.conf'), 0o600);
    const ran = await runAsNobody('--check', '.');
    expect(ran).toMatchObject({
      code: 2,
      stdout: 'b.conf\n',
      stderr: expect.stringContaining('cannot read a.conf'),
    });
  });
});
