import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load } from 'js-yaml';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Files, temporaryFolder, writeFiles } from './support/folder.ts';
import { blocksOf } from './support/markdown.ts';
import { without } from './support/tools.ts';

const root = new URL('..', import.meta.url).pathname;
const FINE = 'server {\n    listen 8080;\n}\n';
const BAD = 'server {\n    listen eighty;\n    gzip maybe;\n}\n';

/** Git and pre-commit with nothing of the run they may be in, and what they keep in a folder of the tests. */
let env: NodeJS.ProcessEnv;
/** The project as others see it: a repository with one commit. */
let project: string;
let head: string;
let folder: string;

function run(
  program: string,
  args: readonly string[],
  cwd = folder,
): { code: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (error) throw error;
  return { code: status, output: `${stdout}${stderr}` };
}

function git(args: readonly string[], cwd = folder): string {
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const put = (files: Files) => writeFiles(folder, files);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** A configuration of pre-commit with hooks of this project. */
const hooks = (...lines: readonly string[]) =>
  [
    'repos:',
    `  - repo: ${project}`,
    `    rev: ${head}`,
    '    hooks:',
    ...lines.map((line) => `      ${line}`),
  ].join('\n');

/** Stages files and commits; what the hooks say is in the output. */
async function commit(files: Files): Promise<{ code: number | null; output: string }> {
  await put(files);
  git(['add', '-A']);
  return run('git', ['commit', '-m', 'a change']);
}

describe.skipIf(without('pre-commit', 'git'))('pre-commit', () => {
  beforeAll(async () => {
    const home = await temporaryFolder();
    env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
      PRE_COMMIT_HOME: home,
      // the packages that `npm ci` has fetched are taken from where npm keeps them
      npm_config_prefer_offline: 'true',
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 'test@example.com',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 'test@example.com',
    };
    project = await temporaryFolder();
    const left = new Set(['node_modules', 'dist', '.git', 'fixtures', 'bench', 'test']);
    cpSync(root, project, { recursive: true, filter: (path) => !left.has(relative(root, path)) });
    git(['init', '-q'], project);
    git(['add', '-A'], project);
    git(['commit', '-q', '-m', 'all'], project);
    head = git(['rev-parse', 'HEAD'], project).trim();
    // pre-commit installs the hooks: clone, npm install, build, pack; once for all tests
    folder = await temporaryFolder();
    git(['init', '-q']);
    await put({ '.pre-commit-config.yaml': hooks('- id: lbctl-lint', '- id: lbctl-fmt') });
    const installed = run('pre-commit', ['install-hooks']);
    expect(installed).toEqual({ code: 0, output: expect.stringContaining('Installing environment') });
  }, 600_000);

  beforeEach(async () => {
    folder = await temporaryFolder();
    git(['init', '-q']);
    rmSync(join(folder, '.git/hooks'), { recursive: true, force: true });
  });
  const install = async (...lines: readonly string[]) => {
    await put({ '.pre-commit-config.yaml': hooks(...lines) });
    expect(run('pre-commit', ['install']).code).toBe(0);
  };

  test('lets a good configuration through, and refuses a bad one', async () => {
    await install('- id: lbctl-lint');
    expect(await commit({ 'nginx/conf.d/shop.conf': FINE })).toMatchObject({ code: 0 });
    const { code, output } = await commit({ 'nginx/conf.d/shop.conf': BAD });
    expect(code).toBe(1);
    expect(output).toContain('nginx/conf.d/shop.conf:3:10: error: gzip is either on or off, not maybe');
    expect(git(['log', '--oneline']).trim().split('\n')).toHaveLength(1);
  });

  test('formats, and refuses what it had to format until that is staged', async () => {
    await install('- id: lbctl-fmt');
    const ugly = 'server{listen 8080;}\n';
    expect(await commit({ 'nginx.conf': ugly })).toEqual({
      code: 1,
      output: expect.stringContaining('files were modified by this hook'),
    });
    expect(read('nginx.conf')).toBe(FINE);
    expect((await commit({})).code).toBe(0);
  });

  test('mends where it is told to, and refuses until that is staged', async () => {
    await install('- id: lbctl-lint', '  args: [--fix]');
    const { code, output } = await commit({ 'nginx.conf': 'server_tokens on;\n' });
    expect(code).toBe(1);
    expect(output).toContain('files were modified by this hook');
    expect(read('nginx.conf')).toBe('server_tokens off;\n');
    expect((await commit({})).code).toBe(0);
  });

  test('looks at parts as parts, and at a part where it is included if both are staged', async () => {
    await install('- id: lbctl-lint');
    const main = 'events {}\nhttp {\n    include conf.d/*.conf;\n}\n';
    const part = 'server {\n    listen 8080;\n    access_log /dev/null shop;\n}\n';
    // the format of the log may be defined in a file that is not staged
    expect(await commit({ 'nginx/conf.d/shop.conf': part })).toMatchObject({ code: 0 });
    expect(
      await commit({ 'nginx/nginx.conf': main, 'nginx/conf.d/shop.conf': `${part}# x\n` }),
    ).toMatchObject({
      code: 1,
      output: expect.stringContaining('nginx/conf.d/shop.conf:3:'),
    });
  });

  test('looks at the whole, whatever was staged, where it is told to', async () => {
    await install('- id: lbctl-lint', '  pass_filenames: false', '  args: [nginx/nginx.conf]');
    const main = 'events {}\nhttp {\n    include conf.d/*.conf;\n}\n';
    expect(await commit({ 'nginx/nginx.conf': main, 'nginx/conf.d/a.conf': FINE })).toMatchObject({
      code: 0,
    });
    const part = 'server {\n    listen 8080;\n    access_log /dev/null shop;\n}\n';
    expect(await commit({ 'nginx/conf.d/a.conf': part })).toMatchObject({ code: 1 });
  });

  test('takes what is named as NGINX configuration is, and nothing else', async () => {
    await put({ '.pre-commit-config.yaml': hooks('- id: lbctl-lint') });
    const taken = [
      'nginx.conf',
      'deploy/my-nginx.prod.conf',
      'shop.nginx',
      'nginx/a.conf',
      'docker/nginx-proxy/deep/b.conf',
      'etc/nginx/sites-enabled/shop',
      'conf.d/c.conf',
      'sites-available/shop',
    ];
    const left = [
      'supervisor.conf',
      'apache2/conf.d/d.conf',
      'nginx/mime.types',
      'nginx/certs/shop.pem',
      'nginx/README.md',
      'nginx/default.conf.template',
      'nginx/modsecurity.conf',
      'nginx/modsec/rules/e.conf',
      'nginx.conf.j2',
      'src/nginx.ts',
    ];
    await put(Object.fromEntries([...taken, ...left].map((name) => [name, BAD])));
    git(['add', '-A']);
    const { output } = run('pre-commit', ['run', '--all-files']);
    const told = [...output.matchAll(/^(\S+):3:10: error:/gmu)].map(([, name]) => name!);
    expect(told.toSorted()).toEqual(taken.toSorted());
  });

  test('looks through each lb.yaml, and formats none', async () => {
    await install('- id: lbctl-lint', '- id: lbctl-fmt');
    const shop =
      'name: shop\nlisteners: { http: { port: 80 } }\nupstreams: { web: { servers: [10.0.0.1:80, 10.0.0.2:80] } }\n';
    expect(await commit({ 'edge/lb.yaml': `${shop}routes: [{ paths: { /: web } }]\n` })).toMatchObject({
      code: 0,
    });
    const { code, output } = await commit({ 'edge/lb.yaml': `${shop}routes: [{ paths: { /: wbe } }]\n` });
    expect(code).toBe(1);
    expect(output).toContain('edge/lb.yaml:4:');
    expect(output).not.toContain('files were modified by this hook');
  });

  test('runs as the page shows', async () => {
    const page = readFileSync(join(root, 'docs/pre-commit.md'), 'utf8');
    const shown = blocksOf(page).filter(
      ({ language, info }) => language === 'yaml' && info.get('file') === '.pre-commit-config.yaml',
    );
    expect(shown.length).toBeGreaterThan(1);
    for (const { text } of shown) {
      const { repos } = load(text) as { repos: { repo: string; rev: string }[] };
      expect(repos).toHaveLength(1);
      await put({
        '.pre-commit-config.yaml': text.replace(repos[0]!.repo, project).replace(repos[0]!.rev, head),
        'nginx/nginx.conf': `events {}\n\nhttp {\n    include conf.d/*.conf;\n}\n`,
        'nginx/conf.d/a.conf': FINE,
      });
      git(['add', '-A']);
      expect(run('pre-commit', ['run', '--all-files'])).toMatchObject({ code: 0 });
      await put({ 'nginx/conf.d/a.conf': BAD });
      git(['add', '-A']);
      expect(run('pre-commit', ['run', '--all-files'])).toMatchObject({ code: 1 });
    }
  });
});
