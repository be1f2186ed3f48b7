import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';
import { without } from '../support/tools.ts';

const OLD = 'server {\n    server_tokens on;\n    ssl_protocols TLSv1;\n}\n';

let folder: string;
const put = (files: Files) => writeFiles(folder, files);
const git = (args: readonly string[], cwd = folder) =>
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'protocol.file.allow=always', ...args],
    {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    },
  );
const commit = (cwd = folder) => {
  git(['add', '--all'], cwd);
  git(['commit', '--quiet', '--message', 'x'], cwd);
};
const places = async (args: readonly string[], cwd = folder, env = {}) => {
  const { stdout, stderr } = await lbctl(['lint', '--json', ...args], { cwd, env });
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: { file: string; line: number; rule: string }[] };
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);
};
const change = (name: string, from: string, to: string) => {
  const path = join(folder, name);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
};

describe.skipIf(without('git'))('--changed', () => {
  beforeEach(async () => {
    folder = await temporaryFolder();
    git(['init', '--quiet', '--initial-branch=main']);
  });

  test('tells of lines that were changed, staged or not, and of all lines of new files', async () => {
    await put({ 'a.conf': OLD, 'b.conf': OLD, 'c.conf': OLD });
    commit();
    expect(await places(['--changed', '.'])).toEqual([]);
    change('a.conf', 'TLSv1', 'TLSv1.1');
    git(['add', 'a.conf']);
    change('a.conf', 'server_tokens on', 'server_tokens build');
    change('b.conf', 'server {', '# one\n# two\nserver {\n    # three');
    await put({ 'new.conf': 'ssl_protocols SSLv3;\n' });
    expect(await places(['--changed', '.'])).toEqual([
      'a.conf:2 security/version-disclosure',
      'a.conf:3 tls/weak-protocols',
      'new.conf:1 tls/weak-protocols',
    ]);
    git(['add', 'new.conf']);
    expect(await places(['--changed', 'new.conf'])).toEqual(['new.conf:1 tls/weak-protocols']);
    await put({ '.gitignore': 'made.conf\n', 'made.conf': OLD });
    expect(await places(['--changed', 'made.conf'])).toEqual([]);
    const { code, stderr } = await lbctl(['lint', 'c.conf', '--changed'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'nothing found in 1 file\n' });
  });

  test('reads the whole configuration, and works before the first commit', async () => {
    await put({
      'nginx.conf': 'events {}\nhttp {\n    log_format mine $host;\n    include conf.d/*.conf;\n}\n',
      'conf.d/a.conf': 'access_log /var/log/a mine;\nserver_tokens on;\n',
    });
    expect(await places(['--changed', 'nginx.conf'])).toEqual([
      'conf.d/a.conf:2 security/version-disclosure',
    ]);
    commit();
    change('conf.d/a.conf', 'mine', 'other');
    expect(await places(['--changed', 'nginx.conf'])).toEqual(['conf.d/a.conf:1 syntax/log-format']);
    expect(await places(['--changed', '../nginx.conf'], join(folder, 'conf.d'))).toEqual([
      'a.conf:1 syntax/log-format',
    ]);
  });

  test('compares with the commit where a branch left another one', async () => {
    await put({ 'a.conf': OLD, 'b.conf': OLD });
    commit();
    git(['switch', '--quiet', '--create', 'work']);
    change('a.conf', 'TLSv1', 'SSLv3');
    commit();
    git(['switch', '--quiet', 'main']);
    change('b.conf', 'TLSv1', 'SSLv3');
    commit();
    git(['switch', '--quiet', 'work']);
    expect(await places(['--changed', 'main', '.'])).toEqual(['a.conf:3 tls/weak-protocols']);
    appendFileSync(join(folder, 'b.conf'), 'server_tokens on;\n');
    expect(await places(['.', '--changed=main'])).toEqual([
      'a.conf:3 tls/weak-protocols',
      'b.conf:5 security/version-disclosure',
    ]);
    expect(await places(['--changed', 'HEAD~1', 'a.conf'])).toEqual(['a.conf:3 tls/weak-protocols']);
  });

  test('takes what stands behind it for a file where it is one', async () => {
    await put({ 'a.conf': OLD });
    expect(await places(['--changed', 'a.conf'])).toHaveLength(2);
    expect(await places(['--changed', '*.conf'])).toHaveLength(2);
    commit();
    git(['branch', 'a.conf']);
    expect(await lbctl(['lint', '--changed', 'a.conf'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr:
        'error: a.conf is both a file and a revision\nhint: write ./a.conf for the file, or refs/heads/a.conf for the branch\n',
    });
    expect(await places(['--changed', './a.conf'])).toEqual([]);
    expect(await places(['--changed', 'refs/heads/a.conf', 'a.conf'])).toEqual([]);
  });

  test.each([
    'with space.conf',
    'a"b\\.conf',
    'new\nline.conf',
    'tab\t.conf',
    'ä€\u{1F600}.conf',
    '-n.conf',
    ':(top)*.conf',
    'b/+++ x.conf',
  ])('knows the file %j', async (name) => {
    await put({ [`in/${name}`]: OLD, 'in/z.conf': OLD });
    commit();
    change(`in/${name}`, 'TLSv1', '  TLSv1');
    expect(await places(['--changed', 'in'])).toEqual([`in/${name}:3 tls/weak-protocols`]);
    await put({ [`in/new ${name}`]: 'server_tokens on;' });
    expect(await places(['--changed', 'in'])).toHaveLength(2);
  });

  test('is not led astray by what was written, and by files without a line end', async () => {
    await put({ 'a.conf': `# one\n++ b/b.conf\n-- a/x\n${OLD}# end`, 'b.conf': OLD });
    commit();
    change('a.conf', '# one\n++ b/b.conf\n-- a/x', '# two\n@@ -1,9 +1,9 @@\n++ b/b.conf\n++ b/b.conf');
    change('a.conf', '# end', 'ssl_protocols TLSv1.1;\n++ b/a.conf;');
    expect(await places(['--changed', '--only', 'tls,security', '.'])).toEqual([
      'a.conf:9 tls/weak-protocols',
    ]);
  });

  test('does not depend on how the user has set up git', async () => {
    await put({ 'ä b.conf': OLD, '.gitattributes': '*.conf -diff\n' });
    commit();
    change('ä b.conf', 'TLSv1', 'SSLv3');
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.mnemonicPrefix', 'true'],
      ['diff.relative', 'true'],
      ['diff.interHunkContext', '50'],
      ['diff.context', '9'],
      ['diff.external', 'false'],
      ['core.quotePath', 'false'],
      ['color.ui', 'always'],
      ['diff.algorithm', 'histogram'],
    ])
      git(['config', key!, value!]);
    expect(await places(['--changed', '.'])).toEqual(['ä b.conf:3 tls/weak-protocols']);
    // as in a hook
    const hook = { GIT_DIR: '.git', GIT_INDEX_FILE: join(folder, 'none'), GIT_PREFIX: 'x/' };
    expect(await places(['--changed', '.'], folder, hook)).toEqual(['ä b.conf:3 tls/weak-protocols']);
  });

  test('knows renamed files, and files behind links', async () => {
    await put({ 'a.conf': `${OLD}${'# same\n'.repeat(20)}`, 'sites/b.conf': OLD });
    symlinkSync('sites', join(folder, 'linked'));
    commit();
    renameSync(join(folder, 'a.conf'), join(folder, 'b.conf'));
    git(['add', '--all']);
    expect(await places(['--changed', '.'])).toEqual([]);
    change('b.conf', 'TLSv1', 'SSLv3');
    change('sites/b.conf', 'TLSv1', 'SSLv3');
    expect(await places(['--changed', 'b.conf', 'linked'])).toEqual([
      'b.conf:3 tls/weak-protocols',
      'linked/b.conf:3 tls/weak-protocols',
    ]);
  });

  test('knows work trees and submodules', async () => {
    const other = await temporaryFolder();
    git(['init', '--quiet', '--initial-branch=main'], other);
    await writeFiles(other, { 'sub.conf': OLD });
    commit(other);
    await put({ 'a.conf': OLD });
    git(['submodule', '--quiet', 'add', other, 'module']);
    commit();
    change('module/sub.conf', 'TLSv1', 'SSLv3');
    expect(await places(['--changed', '.'])).toEqual(['module/sub.conf:3 tls/weak-protocols']);
    const tree = join(await temporaryFolder(), 'tree');
    git(['worktree', 'add', '--quiet', '-b', 'work', tree]);
    writeFileSync(join(tree, 'a.conf'), OLD.replace('TLSv1', 'SSLv3'));
    expect(await places(['--changed', 'main', '.'], tree)).toEqual(['a.conf:3 tls/weak-protocols']);
  });

  test('keeps what a change brings about: beside lines taken out, by its explanation, in text that cannot be read', async () => {
    const text =
      'add_header A 1;\nlocation / {\n    add_header B 2;\n    root /srv;\n    server_tokens on;\n}\n';
    await put({ 'a.conf': `# above\n${text}`, 'b.conf': text });
    commit();
    change('a.conf', 'add_header A 1', 'add_header A 3');
    change('b.conf', '    root /srv;\n', '');
    expect(await places(['--changed', '.'])).toEqual([
      'a.conf:4 reliability/lost-headers',
      'b.conf:3 reliability/lost-headers',
      'b.conf:4 security/version-disclosure',
    ]);
    git(['checkout', '--quiet', '.']);
    change('b.conf', 'A 1;', 'A 1');
    expect(await places(['--changed', '--only', 'syntax', '.'])).toEqual(
      expect.arrayContaining([expect.stringContaining('b.conf:') as string]),
    );
  });

  test('tells of files in conflict', async () => {
    await put({ 'a.conf': OLD });
    commit();
    git(['switch', '--quiet', '--create', 'work']);
    change('a.conf', 'TLSv1', 'SSLv2');
    commit();
    git(['switch', '--quiet', 'main']);
    change('a.conf', 'TLSv1', 'SSLv3');
    commit();
    expect(() => git(['merge', '--quiet', 'work'])).toThrow('merge');
    expect(await places(['--changed', 'a.conf'])).not.toEqual([]);
  });

  test.each([
    [['--changed', 'mian', 'a.conf'], 2, 'git does not know mian'],
    [['--changed=--output=x', 'a.conf'], 2, 'git does not know --output=x'],
    [['--changed', 'other', 'a.conf'], 2, 'other and HEAD have no commit in common'],
    [['--changed'], 2, 'lint needs files to look at'],
    [['--changed', '-'], 2, 'of stdin git knows no changed lines'],
    [['--stdin', '--changed'], 2, 'of stdin git knows no changed lines'],
  ])('%j cannot be done', async (args, code, message) => {
    await put({ 'a.conf': OLD });
    commit();
    git(['switch', '--quiet', '--orphan', 'other']);
    await put({ 'b.conf': '' });
    commit();
    git(['switch', '--quiet', 'main']);
    const run = await lbctl(['lint', ...args], { cwd: folder, input: '' });
    expect(run).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) as string });
  });

  test('says what is missing: a repository, git, or the right to look into it', async () => {
    await put({ 'a.conf': OLD });
    commit();
    const none = await temporaryFolder();
    await writeFiles(none, { 'a.conf': OLD });
    expect(await lbctl(['lint', '--changed', 'a.conf'], { cwd: none })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a.conf is in no git repository') as string,
    });
    mkdirSync(join(none, 'bin'));
    expect(
      await lbctl(['lint', 'a.conf', '--changed'], { cwd: folder, env: { PATH: join(none, 'bin') } }),
    ).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('git is not installed') as string,
    });
    unlinkSync(join(folder, '.git/HEAD'));
    expect(await lbctl(['lint', 'a.conf', '--changed'], { cwd: folder })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('not a git repository') as string,
    });
  });
});
