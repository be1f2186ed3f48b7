import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl, PROGRAM } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';

const WRONG = 'server_tokens on;\n';
const RIGHT = 'server_tokens off;\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const put = (files: Files) => writeFiles(folder, files);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const run = (...args: string[]) => lbctl(['lint', ...args], { cwd: folder });
const feed = (input: string, ...args: string[]) => lbctl(['lint', ...args], { cwd: folder, input });

/** A server that speaks TLS, so that its settings of TLS count. */
const TLS = '    listen 443 ssl;\n    ssl_certificate a;\n    ssl_certificate_key b;\n';

/** The rules whose findings these files have been written for. */
const MENDED = 'syntax,tls/weak-protocols,security/version-disclosure';

describe('--fix', () => {
  test('mends files with those they include, says so, and tells what is left', async () => {
    await put({
      'nginx.conf': 'events {}\nhttp {\n    server_tokens on;\n    include conf.d/*.conf;\n}\n',
      'conf.d/a.conf': `server {\n${TLS}    ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\n    server_tokens build;\n}\n`,
      'conf.d/b.conf': 'server {\n    listen 81;\n    gzip maybe;\n}\n',
    });
    expect(await run('--fix', '--only', MENDED, 'nginx.conf')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^conf\.d\/b\.conf:3:10: error: gzip is either/u),
      stderr: '  nginx.conf: 1 fixed\n  conf.d/a.conf: 2 fixed\n1 error in 3 files\n',
    });
    expect(read('nginx.conf')).toContain('    server_tokens off;\n');
    expect(read('conf.d/a.conf')).toBe(
      `server {\n${TLS}    ssl_protocols TLSv1.2;\n    server_tokens off;\n}\n`,
    );
    expect(read('conf.d/b.conf')).toBe('server {\n    listen 81;\n    gzip maybe;\n}\n');
  });

  test('ends with 0 where nothing is left, and touches nothing where there is nothing to mend', async () => {
    await put({ 'a.conf': WRONG });
    expect(await run('--fix', 'a.conf')).toMatchObject({ code: 0, stdout: '' });
    const { ino } = statSync(join(folder, 'a.conf'));
    expect(await run('--fix', 'a.conf')).toMatchObject({ code: 0, stderr: 'nothing found in 1 file\n' });
    expect(statSync(join(folder, 'a.conf')).ino).toBe(ino);
  });

  test('keeps CRLF, bytes that are no UTF-8, the mode, and links', async () => {
    await put({ 'real.conf': Buffer.from('# \xe4\r\nserver_tokens on;\r\n', 'latin1') });
    chmodSync(join(folder, 'real.conf'), 0o640);
    symlinkSync('real.conf', join(folder, 'link.conf'));
    expect((await run('--fix', 'link.conf')).code).toBe(0);
    expect(readFileSync(join(folder, 'real.conf'), 'latin1')).toBe('# \xe4\r\nserver_tokens off;\r\n');
    expect(statSync(join(folder, 'real.conf')).mode & 0o7777).toBe(0o640);
    expect(lstatSync(join(folder, 'link.conf')).isSymbolicLink()).toBe(true);
  });

  test('takes a byte order mark out', async () => {
    await put({ 'a.conf': `\u{FEFF}${RIGHT}` });
    expect((await run('a.conf')).code).toBe(1);
    expect(await run('--fix', 'a.conf')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 fixed'),
    });
    expect(read('a.conf')).toBe(RIGHT);
  });

  test('leaves out and tells what NGINX would refuse when it is mended', async () => {
    const text = '\u{FEFF}gzp on;\nserver {\n    server_tokens on;\n}\n';
    await put({ 'a.conf': text });
    const { code, stdout, stderr } = await run('--fix', 'a.conf');
    expect(code).toBe(1);
    expect(stdout).toContain('a.conf:1:1: error: the file starts with a byte order mark');
    expect(stderr).toContain(
      '  a.conf: 1 fixed\n  a.conf:1: the fix of syntax/byte-order-mark is left out, as NGINX would refuse the result\n',
    );
    expect(read('a.conf')).toBe(text.replace('tokens on', 'tokens off'));
    const { fixes } = JSON.parse((await run('--fix', '--json', 'a.conf')).stdout) as { fixes: unknown };
    expect(fixes).toEqual({
      count: 0,
      files: [],
      leftOut: [{ rule: 'syntax/byte-order-mark', file: 'a.conf', line: 1 }],
    });
  });

  test('mends what is told, and nothing else', async () => {
    const text = 'server {\n    server_tokens on;\n    ssl_protocols TLSv1 TLSv1.2;\n}\n';
    await put({ 'a.conf': text });
    expect((await run('--fix', '--only', 'security', 'a.conf')).code).toBe(0);
    expect(read('a.conf')).toBe(text.replace('on;', 'off;'));
    await put({ 'a.conf': text });
    expect((await run('--fix', '--severity', 'warning', 'a.conf')).code).toBe(0);
    expect(read('a.conf')).toBe(text.replace('TLSv1 ', ''));
    const ignored = `# lbctl-ignore-next-line version-disclosure -- asked for\n${WRONG}`;
    await put({ 'a.conf': ignored });
    expect((await run('--fix', 'a.conf')).code).toBe(0);
    expect(read('a.conf')).toBe(ignored);
  });

  test('leaves alone what cannot be read as it is meant', async () => {
    const text = 'server {\n    server_tokens on;\n    listen 80\n}\n';
    await put({ 'a.conf': text });
    expect(await run('--fix', '--only', 'security', 'a.conf')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('; is missing'),
      stderr: expect.stringContaining('a.conf cannot be read as it is meant'),
    });
    expect(read('a.conf')).toBe(text);
  });

  test('changes a file that several configurations share where all agree alone', async () => {
    await put({
      'one/nginx.conf': 'events {}\nhttp { include ../shared/*; }\n',
      'two/nginx.conf': 'events {}\nhttp { include ../shared/tokens.conf; include ../linked.conf; }\n',
      'shared/tokens.conf': WRONG,
    });
    symlinkSync('shared/tokens.conf', join(folder, 'linked.conf'));
    const { code, stderr } = await run('--fix', 'one/nginx.conf', 'two/nginx.conf');
    expect(stderr).toContain('1 fixed');
    expect(code).toBe(1);
    expect(read('shared/tokens.conf')).toBe(RIGHT);
  });

  test('is a part of the document', async () => {
    await put({ 'a.conf': WRONG, 'b.conf': 'gzip maybe;\n' });
    const { code, stdout, stderr } = await run('--fix', '--json', 'a.conf', 'b.conf');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(['schemaVersion', 'findings', 'summary', 'fixes']);
    expect(document).toMatchObject({
      findings: [{ file: 'b.conf' }],
      fixes: { count: 1, files: [{ file: 'a.conf', count: 1 }], leftOut: [] },
    });
    expect(read('a.conf')).toBe(RIGHT);
  });

  test('can be told in other forms', async () => {
    await put({ 'a.conf': WRONG, 'b.conf': 'gzip maybe;\n' });
    const { stdout } = await run('--fix', '--format', 'compact', 'a.conf', 'b.conf');
    expect(stdout).toBe('b.conf:1:6: error: gzip is either on or off, not maybe [syntax/value]\n');
  });

  test('stopped at any time leaves each file old or new', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `conf.d/${index}.conf`);
    const servers = (text: string) =>
      Array.from({ length: 50 }, (_, index) => `server { listen ${8000 + index}; ${text}}\n`).join('');
    const [old, young] = [servers(WRONG), servers(RIGHT)];
    await put(Object.fromEntries(names.map((name) => [name, old])));
    let stopped = 0;
    for (let delay = 0; delay < 8; delay++) {
      const { signal } = await lbctl(['lint', '--fix', 'conf.d'], {
        cwd: folder,
        watch(child) {
          // from when the first file is new
          const wait = setInterval(() => {
            if (read(names[0]!) === old && child.exitCode === null) return;
            clearInterval(wait);
            setTimeout(() => child.kill('SIGKILL'), delay * 4);
          }, 1);
        },
      });
      if (signal === 'SIGKILL') stopped++;
      const texts = names.map(read);
      expect(texts.every((text) => text === old || text === young)).toBe(true);
      if (signal === 'SIGKILL' && texts.includes(old) && texts.includes(young)) break;
      await put(Object.fromEntries(names.map((name) => [name, old])));
    }
    expect(stopped).toBeGreaterThan(0);
    expect((await run('--fix', 'conf.d')).code).toBe(0);
    expect(names.map(read).every((text) => text === young)).toBe(true);
  }, 60_000);
});

describe.skipIf(process.getuid?.() !== 0)('files that may not be written', () => {
  const asNobody = (...args: string[]) => lbctl(['lint', ...args], { cwd: folder, uid: 65_534 });

  test('are told, the others are mended, and the run ends with 3', async () => {
    await put({ 'a.conf': WRONG, 'mine/b.conf': WRONG });
    chmodSync(join(folder, 'mine'), 0o777);
    chownSync(join(folder, 'mine/b.conf'), 65_534, 65_534);
    const { code, stdout, stderr } = await asNobody('--fix', 'a.conf', 'mine/b.conf');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^a\.conf:1:15: info/u);
    expect(stdout).not.toContain('b.conf');
    expect(stderr).toContain('  mine/b.conf: 1 fixed\n');
    expect(stderr).toContain('error: not every file could be fixed\n  | a.conf: permission denied');
    expect([read('a.conf'), read('mine/b.conf')]).toEqual([WRONG, RIGHT]);
    expect(readdirSync(join(folder, 'mine'))).toEqual(['b.conf']);
    expect(await asNobody('--fix-dry-run', 'a.conf')).toMatchObject({ code: 0 });
  });

  test('by their mode are not replaced either', async () => {
    await put({ 'mine/b.conf': WRONG });
    chmodSync(join(folder, 'mine'), 0o777);
    chmodSync(join(folder, 'mine/b.conf'), 0o444);
    const { code, stdout } = await asNobody('--fix', '--json', 'mine/b.conf');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ file: 'mine/b.conf', fixable: true }],
      fixes: { count: 0, files: [] },
      error: { code: 'cannot-write', evidence: [expect.stringContaining('mine/b.conf: permission denied')] },
    });
    expect(read('mine/b.conf')).toBe(WRONG);
  });
});

describe('--fix-dry-run', () => {
  test('prints a diff that git can apply, and writes nothing', async () => {
    await put({
      'nginx.conf': 'events {}\nhttp {\n    server_tokens on;\n    include conf.d/*.conf;\n}\n',
      'conf.d/a.conf': `server {\n${TLS}    ssl_protocols TLSv1 TLSv1.2;\n    gzip maybe;\n}\n`,
    });
    const before = [read('nginx.conf'), read('conf.d/a.conf')];
    const { code, stdout, stderr } = await run('--fix-dry-run', '--only', MENDED, 'nginx.conf');
    expect(code).toBe(1);
    expect(stderr).toBe(
      '  nginx.conf: 1 would be fixed\n  conf.d/a.conf: 1 would be fixed\n1 error in 2 files would be left\n',
    );
    expect(stdout).toContain('-    server_tokens on;\n+    server_tokens off;\n');
    expect([read('nginx.conf'), read('conf.d/a.conf')]).toEqual(before);
    const { status } = spawnSync('git', ['apply', '-p0', '-'], { cwd: folder, input: stdout });
    expect(status).toBe(0);
    const patched = [read('nginx.conf'), read('conf.d/a.conf')];
    await put({ 'nginx.conf': before[0]!, 'conf.d/a.conf': before[1]! });
    expect((await run('--fix', '--only', MENDED, 'nginx.conf')).code).toBe(1);
    expect([read('nginx.conf'), read('conf.d/a.conf')]).toEqual(patched);
  });

  test('is a part of the document', async () => {
    await put({ 'a.conf': WRONG });
    const { stdout, code } = await run('--fix-dry-run', '--json', 'a.conf');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [],
      fixes: {
        count: 1,
        files: [
          {
            file: 'a.conf',
            count: 1,
            diff: '--- a.conf\n+++ a.conf\n@@ -1 +1 @@\n-server_tokens on;\n+server_tokens off;\n',
          },
        ],
      },
    });
    expect(read('a.conf')).toBe(WRONG);
  });

  test('says nothing where nothing would change', async () => {
    await put({ 'a.conf': RIGHT });
    expect(await run('--fix-dry-run', 'a.conf')).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('stdin', () => {
  test('goes to stdout, and what is left to stderr', async () => {
    const { code, stdout, stderr } = await feed(`${WRONG}gzip maybe;\n`, '--fix', '-');
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${RIGHT}gzip maybe;\n` });
    expect(stderr).toMatch(/^<stdin>:2:6: error: gzip(?:.|\n)*<stdin>: 1 fixed\n1 error in 1 file\n$/u);
    expect(await feed(RIGHT, '--fix', '--stdin')).toMatchObject({ code: 0, stdout: RIGHT });
  });

  test('comes out with the bytes that it came in with', () => {
    const input = Buffer.from('# \xe4\r\nserver_tokens on;\r\n', 'latin1');
    const { status, stdout } = spawnSync(process.execPath, [PROGRAM, 'lint', '--fix', '-'], {
      input,
      cwd: folder,
    });
    expect([status, stdout.toString('latin1')]).toEqual([0, '# \xe4\r\nserver_tokens off;\r\n']);
  });

  test('is alone changed, whatever it includes', async () => {
    await put({ 'a.conf': WRONG });
    const text = 'events {}\nhttp {\n    include a.conf;\n}\n';
    expect(await feed(text, '--fix', '-')).toMatchObject({ code: 0, stdout: text });
    expect(read('a.conf')).toBe(WRONG);
  });

  test('can be compared and put into a document', async () => {
    expect((await feed(WRONG, '--fix-dry-run', '-')).stdout).toContain('--- <stdin>\n');
    expect(JSON.parse((await feed(WRONG, '--fix', '--json', '-')).stdout)).toMatchObject({
      findings: [],
      fixes: { count: 1, files: [{ file: '<stdin>', count: 1, content: RIGHT }] },
    });
  });
});

describe('what cannot be done', () => {
  const DUMP = `# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp { ${WRONG} }\n`;

  test.each([
    [['--fix', '--fix-dry-run', 'a.conf'], '--fix changes files, and --fix-dry-run none'],
    [['--fix-dry-run', '--format', 'sarif', 'a.conf'], 'stdout has the diff, and no other format'],
    [['--fix', 'dump.txt'], 'what nginx -T prints is not a file that can be fixed'],
    [['--fix-dry-run', 'dump.txt'], 'what nginx -T prints is not a file that can be fixed'],
  ])('%j ends with 2 and says why', async (args, message) => {
    await put({ 'a.conf': WRONG, 'dump.txt': DUMP });
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect([read('a.conf'), read('dump.txt')]).toEqual([WRONG, DUMP]);
  });

  test('a dump from stdin, and another form of its text', async () => {
    expect(await feed(DUMP, '--fix', '-')).toMatchObject({ code: 2, stdout: '' });
    expect(await feed(WRONG, '--fix', '--format', 'compact', '-')).toMatchObject({ code: 2, stdout: '' });
  });
});

test('a file that is found twice, behind links, is mended once', async () => {
  mkdirSync(join(folder, 'sites-available'));
  mkdirSync(join(folder, 'sites-enabled'));
  writeFileSync(join(folder, 'sites-available/shop'), WRONG);
  symlinkSync('../sites-available/shop', join(folder, 'sites-enabled/shop'));
  expect(await run('--fix', '.')).toMatchObject({ code: 0, stderr: expect.stringContaining('1 fixed') });
  expect(read('sites-available/shop')).toBe(RIGHT);
  expect(lstatSync(join(folder, 'sites-enabled/shop')).isSymbolicLink()).toBe(true);
});
