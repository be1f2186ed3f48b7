import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';
import { without } from '../support/tools.ts';

const ON = 'server_tokens on;\n';
const OFF = 'server_tokens off;\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const put = (files: Files) => writeFiles(folder, files);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const run = (...args: string[]) => lbctl(['lint', ...args], { cwd: folder });

describe('--fix', () => {
  test('leaves alone what a baseline knows', async () => {
    const old = `location /a {\n    ${ON}}\n`;
    await put({ 'a.conf': old });
    await run('--baseline', 'known.json', '--update-baseline', 'a.conf');
    const known = read('known.json');
    await put({ 'a.conf': `${old}location /b {\n    ${ON.replace('on', 'build')}}\n` });
    expect(await run('--baseline', 'known.json', '--fix', 'a.conf')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '  a.conf: 1 fixed\nnothing found in 1 file; 1 known finding left out\n',
    });
    expect(read('a.conf')).toBe(`${old}location /b {\n    ${OFF}}\n`);
    expect(read('known.json')).toBe(known);
  });

  test.each([['--fix'], ['--fix-dry-run']])('%s and --update-baseline are two runs', async (option) => {
    await put({ 'a.conf': ON });
    expect(await run(option, '--baseline', 'known.json', '--update-baseline', 'a.conf')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hint: run lint --fix, and then lint --update-baseline') as string,
    });
    expect(read('a.conf')).toBe(ON);
  });

  test.skipIf(without('git'))('mends changed lines alone, wherever they go meanwhile', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder });
    // the fix of the list takes out lines, so that the findings below move
    const list = 'ssl_protocols\n    TLSv1\n    TLSv1.1\n    TLSv1.2;\n';
    const rest = [...'abcdef'].map((name) => `location /${name} {\n    ${ON}}\n`).join('');
    await put({ 'a.conf': rest });
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'x');
    writeFileSync(
      join(folder, 'a.conf'),
      `${list}${rest.replace(`/e {\n    ${ON}`, `/e {\n    ${ON.replace('on', 'build')}`)}`,
    );
    const { code, stderr } = await run('--fix', '--changed', 'a.conf');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '  a.conf: 2 fixed\nnothing found in 1 file\n' });
    expect(read('a.conf')).toBe(
      `ssl_protocols\n    TLSv1.2;\n${rest.replace(`/e {\n    ${ON}`, `/e {\n    ${OFF}`)}`,
    );
  });

  test('changes no file that is ignored', async () => {
    await put({
      'nginx.conf': `events {}\nhttp {\n    ${ON}    include vendor/*.conf;\n}\n`,
      'vendor/a.conf': `server {\n    ${ON}}\n`,
      '.lbctlrc.yaml': 'ignore: [vendor]\n',
    });
    expect((await run('--fix', '.')).stderr).toBe(
      '  nginx.conf: 1 fixed\nnothing found in 1 file; 1 ignored file left out\n',
    );
    expect(read('vendor/a.conf')).toBe(`server {\n    ${ON}}\n`);
  });

  test('does nothing for a rule that is off, and tells the times of all it did', async () => {
    await put({ 'a.conf': ON, '.lbctlrc.yaml': 'rules: { security/version-disclosure: off }\n' });
    const { code, stderr } = await run('--fix', '--timing', 'a.conf');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^nothing found in 1 file\n(?:.* ms .* %  .*\n)+$/u);
    expect(read('a.conf')).toBe(ON);
    const { stdout } = await run('--no-config', '--fix', '--timing', '--json', 'a.conf');
    expect(JSON.parse(stdout)).toMatchObject({
      fixes: { count: 1 },
      timing: { 'security/version-disclosure': expect.any(Number) as number },
    });
    expect(read('a.conf')).toBe(OFF);
  });
});

test('what .lbctlrc.yaml says of a rule is what SARIF says of its findings', async () => {
  await put({ 'a.conf': ON, '.lbctlrc.yaml': 'rules: { security: error }\n' });
  const { code, stdout } = await run('--format', 'sarif', 'a.conf');
  expect(code).toBe(1);
  const { runs } = JSON.parse(stdout) as { runs: [{ results: object[] }] };
  expect(runs[0].results).toMatchObject([{ ruleId: 'security/version-disclosure', level: 'error' }]);
});
