import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';
import { without } from '../support/tools.ts';

/** One warning and one info, each of a line of its own. */
const SHOP = `name: shop
listeners:
  http: { port: 80 }
upstreams:
  web: { servers: [10.0.0.11:8080, 10.0.0.12:8080] }
snippets:
  server: |
    proxy_ssl_protocols TLSv1.1 TLSv1.2;
    server_tokens on;
routes: [{ paths: { /: web } }]
`;
const FOUND = ['lb.yaml:8 warning tls/weak-protocols', 'lb.yaml:9 info security/version-disclosure'];

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly fixable: boolean;
}

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const put = (files: Files) => writeFiles(folder, files);
const run = (...args: string[]) => lbctl(['lint', ...args], { cwd: folder });
const json = async (...args: string[]) =>
  JSON.parse((await run('--json', ...args)).stdout) as { findings: Finding[]; summary: object };
const found = async (...args: string[]) =>
  (await json(...args)).findings.map(
    ({ file, line, severity, rule }) => `${file}:${line} ${severity} ${rule}`,
  );

describe('lint of an lb.yaml', () => {
  test('tells what is rendered from it at its own lines', async () => {
    await put({ 'lb.yaml': SHOP });
    expect(await found('lb.yaml')).toEqual(FOUND);
    const { code, stdout, stderr } = await run('lb.yaml');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '1 warning, 1 info in 1 file\n' });
    expect(stdout).toContain(`lb.yaml:8:5: warning: TLSv1.1 is no longer safe  tls/weak-protocols
    8 |     proxy_ssl_protocols TLSv1.1 TLSv1.2;
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  why:`);
  });

  test('takes it by any name in YAML, beside NGINX files', async () => {
    await put({ 'shop.yml': SHOP, 'Edge.YAML': SHOP, 'a.conf': 'gzip maybe;\n' });
    expect(await found('shop.yml', 'a.conf', 'Edge.YAML')).toEqual([
      ...FOUND.map((one) => one.replace('lb.yaml', 'shop.yml')),
      'a.conf:1 error syntax/value',
      ...FOUND.map((one) => one.replace('lb.yaml', 'Edge.YAML')),
    ]);
  });

  test('comes upon it in folders, and leaves other YAML there alone', async () => {
    await put({
      'edge/lb.yaml': SHOP,
      'edge/compose.yaml': 'services: {}\n',
      'edge/.lbctlrc.yaml': 'nonsense: 1\n',
      'cluster/lb.yaml': 'apiVersion: v1\nkind: Service\n',
      'conf.d/a.conf': 'gzip maybe;\n',
      'conf.d/values.yaml': 'replicas: 1\n',
    });
    expect(await found('.')).toEqual([
      'conf.d/a.conf:1 error syntax/value',
      ...FOUND.map((one) => `edge/${one}`),
    ]);
    expect(await found('edge')).toEqual(FOUND.map((one) => `edge/${one}`));
    await put({ 'none/compose.yaml': 'services: {}\n' });
    expect((await run('none')).stderr).toContain('in folders, lb.yaml, *.conf files');
    expect((await lbctl(['fmt', 'edge'], { cwd: folder })).code).toBe(2);
  });

  test('that cannot be read is told whatever was asked for, and the others are looked at', async () => {
    await put({ 'lb.yaml': 'name: shop\nlisteners: [\n', 'a.conf': 'ssl_protocols TLSv1;\n' });
    const { code, stdout, stderr } = await run('--only', 'tls', 'lb.yaml', 'a.conf');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^lb\.yaml:3:1: error: not valid YAML: .* syntax\/lb-yaml\n/u);
    expect(stdout).toContain('\na.conf:1:15: warning');
    expect(stderr).toContain('lb.yaml cannot be read as it is meant');
    expect(await run('gone.yaml')).toMatchObject({ code: 2, stderr: 'error: there is no gone.yaml\n' });
  });

  test('goes by the settings', async () => {
    await put({
      'lb.yaml': SHOP,
      'old/lb.yaml': SHOP,
      '.lbctlrc.yaml': 'rules: { security: off, tls/weak-protocols: error }\nignore: [old]\n',
    });
    expect(await found('.')).toEqual(['lb.yaml:8 error tls/weak-protocols']);
    expect((await json('.')).summary).toMatchObject({ files: 1, errors: 1, ignored: 1 });
    expect(await found('--no-config', '--severity', 'warning', 'lb.yaml')).toEqual([FOUND[0]]);
    expect(await found('--no-config', '--only', 'security', 'lb.yaml')).toEqual([FOUND[1]]);
    expect((await run('--no-config', '--max-warnings', '1', 'lb.yaml')).code).toBe(0);
  });

  test('asks the NGINX that the file names, unless another one is named', async () => {
    const text = SHOP.replace(/ {4}proxy_ssl.*\n.*\n/u, '    max_headers 100;\n');
    await put({ 'lb.yaml': text, 'plus.yaml': `${text}nginx: { version: "1.22", plus: true }\n` });
    const unknown = 'lb.yaml:8 error syntax/unknown-directive';
    expect(await found('lb.yaml')).toEqual([unknown]);
    expect(await found('--target', '1.30', 'lb.yaml', 'plus.yaml')).toEqual([]);
    await put({ '.lbctlrc.yaml': 'target: 1.30\n' });
    expect(await found('lb.yaml')).toEqual([]);
    expect(await found('--target', '1.24', 'lb.yaml')).toEqual([unknown]);
    // the subscription is what the file says, whatever release is named
    const plus = text.replace('max_headers 100;', 'status_zone a;');
    await put({ 'plus.yaml': `${plus}nginx: { plus: true }\n`, 'open.yaml': plus });
    expect(await found('plus.yaml')).toEqual([]);
    expect(await found('open.yaml')).toEqual(['open.yaml:8 error syntax/unknown-directive']);
  });

  test('has a baseline', async () => {
    await put({ 'lb.yaml': SHOP });
    expect((await run('--baseline', 'known.json', '--update-baseline', 'lb.yaml')).code).toBe(0);
    await put({
      'lb.yaml': SHOP.replace('name: shop', 'name: shop\n# a remark').replace(
        'server_tokens on',
        'server_tokens build',
      ),
    });
    expect(await found('--baseline', 'known.json', 'lb.yaml')).toEqual([
      'lb.yaml:10 info security/version-disclosure',
    ]);
  });

  test.skipIf(without('git'))('can be told of by its changed lines alone', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder });
    await put({ 'lb.yaml': SHOP });
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'x');
    expect(await found('--changed', 'lb.yaml')).toEqual([]);
    await put({ 'lb.yaml': SHOP.replace('tokens on', 'tokens build') });
    expect(await found('--changed', 'lb.yaml')).toEqual([FOUND[1]]);
    await put({ 'lb.yaml': `${SHOP}  - [\n` });
    expect(await found('--changed', 'lb.yaml')).toHaveLength(1);
  });

  test('is never changed, and offers no fix', async () => {
    await put({
      'lb.yaml': `${SHOP}# configuration file /etc/nginx/nginx.conf:\n`,
      'a.conf': 'server_tokens on;\n',
    });
    const before = readFileSync(join(folder, 'lb.yaml'), 'utf8');
    expect((await json('lb.yaml')).findings.filter(({ fixable }) => fixable)).toEqual([]);
    const { code, stderr } = await run('--fix', '.');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '  a.conf: 1 fixed\n1 warning, 1 info in 2 files\n',
    });
    expect(readFileSync(join(folder, 'lb.yaml'), 'utf8')).toBe(before);
    expect((await run('--fix-dry-run', 'lb.yaml')).stdout).toBe('');
  });

  test('is named by every form of output', async () => {
    await put({ 'lb.yaml': SHOP });
    for (const format of ['compact', 'github', 'junit', 'checkstyle'])
      expect((await run('--format', format, 'lb.yaml')).stdout).toContain('lb.yaml');
    const { runs } = JSON.parse((await run('--format', 'sarif', 'lb.yaml')).stdout) as {
      runs: [{ artifacts: object[]; results: { relatedLocations?: object }[] }];
    };
    expect(runs[0].artifacts).toMatchObject([{ location: { uri: 'lb.yaml' }, sourceLanguage: 'yaml' }]);
    // what is rendered is nowhere on disk
    expect(JSON.stringify(runs[0].results)).not.toContain('rendered');
    expect((await run('--timing', 'lb.yaml')).stderr).toMatch(/ms .* %  lb\.yaml$/mu);
  });

  test('is not read from stdin', async () => {
    const { stdout } = await lbctl(['lint', '-'], { cwd: folder, input: SHOP });
    expect(stdout).toContain('<stdin>:');
    expect(stdout).not.toContain('tls/weak-protocols');
  });
});
