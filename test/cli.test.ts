import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl, PROGRAM } from './support/cli.ts';
import { createAuthority } from './support/certificates.ts';
import { temporaryFolder } from './support/folder.ts';
import { without } from './support/tools.ts';

const YAML =
  'name: shop\nlisteners: { http: { port: 8080 } }\nupstreams: { web: [127.0.0.1:9001] }\nroutes: [{ paths: { /: web } }]\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  writeFileSync(join(folder, 'lb.yaml'), YAML);
});
const run = (...args: string[]) => lbctl(args, { cwd: folder });

test('--version prints the version and nothing else', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await run('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('a checkout that nobody has built says how to', () => {
  const root = new URL('..', import.meta.url).pathname;
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/lbctl.js'), 'lint'], {
    encoding: 'utf8',
  });
  expect([status, stdout, stderr]).toEqual([
    3,
    '',
    'error: lbctl is not built here\n  hint: npm ci in its folder builds it\n',
  ]);
});

const failures: readonly [name: string, args: string[], code: number, says: string][] = [
  ['an unknown command', ['generat'], 2, 'hint: did you mean generate?'],
  ['an unknown command with --help', ['generat', '--help'], 2, "unknown command 'generat'"],
  ['help for an unknown command', ['help', 'generat'], 2, 'hint: did you mean generate?'],
  ['an unknown command of a group', ['pool', 'drian'], 2, 'hint: did you mean drain?'],
  ['a command of a group without the group', ['drain', 'x'], 2, 'hint: did you mean pool drain?'],
  ['the beginning of a command', ['stat'], 2, 'hint: did you mean status?'],
  ['an option that is nearly one', ['lint', '--sevrity', 'info'], 2, 'hint: did you mean --severity?'],
  ['the beginning of an option', ['pool', 'drain', 'x', '--upstr'], 2, 'hint: did you mean --upstream?'],
  ['a group alone', ['pool'], 2, 'lbctl pool COMMAND --help shows the options of one'],
  ['nothing', [], 2, 'Topics of lbctl help:'],
  ['an unknown option', ['generate', '--nothing'], 2, 'hint: lbctl generate --help shows what there is'],
  ['an argument that is missing', ['pool', 'drain'], 2, 'hint: lbctl pool drain --help shows what there is'],
  ['an option without its value', ['generate', '--out'], 2, 'argument missing'],
  ['an operand too many', ['generate', 'more'], 2, 'too many operands for generate: 1, where it takes none'],
  ['a variable that holds nothing', ['lint', ''], 2, 'error: a name is empty'],
  ['the same where files would be written', ['fmt', ''], 2, 'error: a name is empty'],
  [
    'an lb.yaml laid out as NGINX',
    ['fmt', 'lb.yaml'],
    2,
    'hint: lbctl lint lb.yaml looks through an lb.yaml',
  ],
  ['a schema that is nearly one', ['schema', 'pool', 'lst'], 2, 'hint: did you mean pool list?'],
  ['a word for the version', ['version'], 2, 'hint: did you mean --version?'],
  ['what many take for the version', ['-v'], 2, 'hint: did you mean -V?'],
  ['a wrong option before a command', ['--nope', 'plan'], 2, "unknown option '--nope'"],
  ['a file that is not there', ['generate', '--file', 'other.yaml'], 2, 'there is no other.yaml here'],
  ['a file without an end', ['generate', '--file', '/dev/zero'], 2, '/dev/zero has more than 256 MB'],
  ['a folder for a file', ['generate', '--file', '.'], 2, 'hint: name the file in it: --file lb.yaml'],
  ['a file for a folder', ['generate', '--out', 'lb.yaml'], 3, 'hint: a file is where a folder has to be'],
  ['a reason without end', ['up', '--message', 'x'.repeat(1001)], 2, '--message is 1001 characters long'],
];

test.each(failures)('%s', async (_, args, code, says) => {
  expect(await run(...args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
});

test('what the system refuses is no defect, wherever it comes up', async () => {
  const records = ['--zone', 'example.com', '--name', 'www.example.com', '--simple', '192.0.2.1'];
  const told = await run('dns', 'where', ...records, '--svg', 'no/map.svg');
  expect([told.code, told.stderr]).toEqual([
    3,
    expect.stringMatching(/^error: cannot open .*\/no\/map\.svg: no such file or directory\n$/u),
  ]);
});

test('a folder that is gone is told', () => {
  const script = `cd "$(mktemp -d)" && rmdir "$PWD" && exec ${process.execPath} ${PROGRAM} plan`;
  const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    2,
    'error: the folder that you are in is no longer there\nhint: cd to one that is\n',
  ]);
});

test('help names a command as the command names its help', async () => {
  const drain = await run('help', 'pool', 'drain');
  expect(drain).toMatchObject({ code: 0, stderr: '' });
  expect(drain).toEqual(await run('pool', 'drain', '--help'));
  // by way of commander, as there is more than help
  expect(drain).toEqual(await run('pool', 'drain', 'x', '-h'));
  expect(await run('help')).toEqual(await run('--help'));
  const document = { schemaVersion: 1, text: drain.stdout.trimEnd() };
  for (const words of ['help pool drain --json', '--json pool drain --help', 'pool drain x --json -h'])
    expect(JSON.parse((await run(...words.split(' '))).stdout)).toEqual(document);
});

test('options that all commands take may stand before the command', async () => {
  const rules = await run('rules', '--json');
  expect(await run('--json', 'rules')).toEqual(rules);
  expect(await run('pool', '--json', 'list', 'none')).toEqual(await run('pool', 'list', 'none', '--json'));
  expect(await run('--no-color', 'pool')).toEqual(await run('pool'));
});

test.each([
  [['--json'], { code: 'missing-command', hint: 'lbctl --help lists them' }],
  [['pool', '--json'], { code: 'missing-command', hint: 'lbctl pool --help lists them' }],
  [['lintt', '--json'], { code: 'unknown-command', hint: 'did you mean lint?' }],
  [['plan', '--json', '--nope'], { code: 'unknown-option', message: "unknown option '--nope'" }],
])('what is wrong with a command line is a document under --json: %j', async (args, error) => {
  const { code, stdout } = await run(...args);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, error });
});

test('an error under --json is a document too', async () => {
  writeFileSync(join(folder, 'lb.yaml'), 'name: shop\nlistners: {}\n');
  const { code, stdout } = await run('generate', '--json');
  expect(code).toBe(2);
  const { schemaVersion, error } = JSON.parse(stdout) as {
    schemaVersion: number;
    error: { code: string; problems: { span: object }[] };
  };
  expect([schemaVersion, error.code]).toEqual([1, 'invalid-input']);
  expect(error.problems[0]).toMatchObject({
    hint: 'did you mean listeners?',
    span: { file: 'lb.yaml', line: 2, column: 1 },
  });
});

test('--debug tells where in the source an error arose', async () => {
  const { code, stderr } = await lbctl(['generate', '--file', 'missing.yaml', '--debug'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^ +at \S+ \(.*\/src\/commands\/generate\.ts:\d+:\d+\)$/mu);
});

test('LBCTL_FILE names the file, and --file goes before it', async () => {
  writeFileSync(join(folder, 'a.yaml'), YAML.replace('shop', 'from-env'));
  writeFileSync(join(folder, 'b.yaml'), YAML.replace('shop', 'from-flag'));
  const env = { LBCTL_FILE: 'a.yaml' };
  expect((await lbctl(['config'], { cwd: folder, env })).stdout).toContain('name: from-env');
  expect((await lbctl(['config', '-f', 'b.yaml'], { cwd: folder, env })).stdout).toContain('name: from-flag');
});

test('a reader that stops early is no failure', async () => {
  const child = spawn(
    'bash',
    ['-c', `set -o pipefail; "${process.execPath}" "${PROGRAM}" schema | head -1`],
    { cwd: folder },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, out, err]).toEqual([0, '{\n', '']);
});

describe.each(['--version', 'rules', 'rules --json', 'generate', '--help', 'pool --json'])('%s', (line) => {
  const start = (stdout: 'pipe' | number) =>
    spawn(process.execPath, [PROGRAM, ...line.split(' ')], {
      cwd: folder,
      stdio: ['ignore', stdout, 'pipe'],
    });
  const ended = async (child: ReturnType<typeof start>) => {
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    return [await new Promise((resolve) => child.on('close', resolve)), stderr];
  };

  test('does not fail where the reader is gone before the first byte', async () => {
    const child = start('pipe');
    child.stdout!.destroy();
    const [code, stderr] = await ended(child);
    expect([code, stderr]).toEqual(line.startsWith('pool') ? [2, expect.any(String)] : [0, '']);
  });

  test('fails where the disk is full, and says so', async () => {
    const full = openSync('/dev/full', 'w');
    const [code, stderr] = await ended(start(full));
    closeSync(full);
    expect(code).toBe(3);
    expect(stderr).toMatch(/(?:^|\n)error: cannot write the output: no space left on device\n$/u);
  });
});

test('what a shell completes may have nowhere to go', () => {
  const line = '"$lbctl" __complete pl > /dev/full';
  const { status, stderr } = spawnSync('bash', ['-c', line], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, lbctl: PROGRAM },
  });
  expect([status, stderr]).toEqual([0, '']);
});

test('a shell that has closed stdout or stderr is no failure', () => {
  for (const line of ['"$lbctl" rules >&-', '"$lbctl" plan 2>&-', '"$lbctl" plan 2> /dev/full']) {
    const { status } = spawnSync('bash', ['-c', line], {
      cwd: folder,
      env: { ...process.env, lbctl: PROGRAM },
    });
    expect([line, status]).toEqual([line, 0]);
  }
});

test('the JSON Schema is one, and every key that people write has a description', async () => {
  const schema = JSON.parse((await run('schema')).stdout) as Record<string, unknown>;
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  const bare: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (path.endsWith('.properties') && !('description' in (inner as object))) bare.push(`${path}.${key}`);
      walk(inner, `${path}.${key}`);
    }
  };
  walk(schema, '');
  expect(bare).toEqual([]);
});

describe('lbctl config', () => {
  test('marks what lb.yaml does not say, and means the same when it is read again', async () => {
    writeFileSync(
      join(folder, 'lb.yaml'),
      YAML.replace(
        '[{ paths: { /: web } }]',
        '[{ timeout: 7s, paths: { /: web, "= /hi there": { respond: 204 } } }]',
      ),
    );
    const { stdout } = await run('config');
    expect(stdout).toContain('name: shop\n');
    expect(stdout).toContain('    port: 8080\n');
    expect(stdout).toContain('  version: "1.22" # default\n');
    expect(stdout).toMatch(/timeout:\n +connect: 2s # default\n +send: 7s # from the route\n/u);
    const generated = (await run('generate')).stdout;
    writeFileSync(join(folder, 'lb.yaml'), stdout);
    expect((await run('config')).stdout.replaceAll(/ # .*/gu, '')).toBe(stdout.replaceAll(/ # .*/gu, ''));
    const directives = (text: string) =>
      text
        .split('\n')
        .filter((line) => !line.includes('timeout'))
        .join('\n');
    expect(directives((await run('generate')).stdout)).toContain('server 127.0.0.1:9001;');
    expect(directives(generated)).toContain('proxy_pass http://web;');
  });

  test('--json lists the places of the defaults', async () => {
    const { balancer, defaults } = JSON.parse((await run('config', '--json')).stdout) as {
      balancer: { name: string };
      defaults: string[];
    };
    expect(balancer.name).toBe('shop');
    expect(defaults).toContain('.nginx.version');
    expect(defaults).not.toContain('.listeners.http.port');
  });
});

describe('lbctl generate --out, where there is something already', () => {
  const nginxConf = () => readFileSync(join(folder, 'out/nginx.conf'), 'utf8');
  const upstreams = () => readFileSync(join(folder, 'out/upstreams.conf'), 'utf8');

  test('replaces nothing that it did not write, and writes nothing then', async () => {
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out/nginx.conf'), 'events { }\n');
    const { code, stderr } = await run('generate', '--out', 'out');
    expect(code).toBe(2);
    expect(stderr).toContain('nginx.conf: not written by lbctl');
    expect(stderr).toContain('hint: choose another folder, or pass --yes to have them replaced');
    expect(readdirSync(join(folder, 'out'))).toEqual(['nginx.conf']);
    expect(nginxConf()).toBe('events { }\n');
    expect(await run('generate', '--out', 'out', '--yes')).toMatchObject({ code: 0 });
    expect(nginxConf()).toContain('Written by lbctl');
  });

  test('replaces what it wrote, also from another lb.yaml, but not what was edited since', async () => {
    expect(await run('generate', '--out', 'out')).toMatchObject({ code: 0 });
    const before = upstreams();
    writeFileSync(join(folder, 'lb.yaml'), YAML.replace('9001', '9002'));
    expect(await run('generate', '--out', 'out')).toMatchObject({ code: 0 });
    expect(upstreams()).not.toBe(before);
    writeFileSync(join(folder, 'out/upstreams.conf'), before);
    const refused = await run('generate', '--out', 'out', '--json');
    expect(refused.code).toBe(2);
    expect(refused.stderr + refused.stdout).toContain('upstreams.conf: edited since lbctl wrote it');
    expect(upstreams()).toBe(before);
  });

  test('goes on where a run was cut short, and leaves links alone', async () => {
    expect(await run('generate', '--out', 'out')).toMatchObject({ code: 0 });
    const [record, files] = [join(folder, 'out/.lbctl-written'), upstreams()];
    const known = readFileSync(record, 'utf8');
    writeFileSync(join(folder, 'lb.yaml'), YAML.replace('9001', '9002'));
    // the last file cannot be written, as a folder has its name
    rmSync(join(folder, 'out/release.conf'));
    mkdirSync(join(folder, 'out/release.conf'));
    expect(await run('generate', '--out', 'out', '--yes')).toMatchObject({ code: 3 });
    expect(upstreams()).not.toBe(files);
    expect(readFileSync(record, 'utf8')).toContain(known.split('\n')[1]);
    rmdirSync(join(folder, 'out/release.conf'));
    expect(await run('generate', '--out', 'out')).toMatchObject({ code: 0 });
    renameSync(join(folder, 'out/upstreams.conf'), join(folder, 'mine.conf'));
    symlinkSync('../mine.conf', join(folder, 'out/upstreams.conf'));
    expect(await run('generate', '--out', 'out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('upstreams.conf: a link or a folder'),
    });
  });
});

describe.skipIf(without('openssl'))('lbctl generate --out', () => {
  test('writes the files, keys for their owner alone, and the same bytes again', async () => {
    const { cert, key } = await (await createAuthority()).issue(['shop.example.com']);
    mkdirSync(join(folder, 'certs'));
    writeFileSync(join(folder, 'certs/a.pem'), cert);
    writeFileSync(join(folder, 'certs/a.key'), key);
    writeFileSync(
      join(folder, 'lb.yaml'),
      `${YAML.replace('8080 }', '80 }, https: { port: 443, tls: { certificate: certs/a.pem, key: certs/a.key } }')}`,
    );
    const first = JSON.parse((await run('generate', '--out', 'out', '--json')).stdout) as {
      digest: string;
      files: { path: string; mode: string; content?: string }[];
    };
    expect(statSync(join(folder, 'out/tls/certs/a.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'out/tls/certs/a.key'), 'utf8')).toBe(key);
    expect(first.files.find(({ path }) => path === 'tls/certs/a.key')).toEqual({
      path: 'tls/certs/a.key',
      mode: '0600',
    });
    const nginxConf = readFileSync(join(folder, 'out/nginx.conf'), 'utf8');
    const second = JSON.parse((await run('generate', '--out', 'out', '--json')).stdout) as { digest: string };
    expect(second.digest).toBe(first.digest);
    expect(readFileSync(join(folder, 'out/nginx.conf'), 'utf8')).toBe(nginxConf);
    expect((await run('generate')).stdout).not.toContain('PRIVATE KEY');
  });

  test('certificates that are missing, expired, of another key or for another host are told at their place', async () => {
    const authority = await createAuthority();
    const [good, other, expired] = await Promise.all([
      authority.issue(['shop.example.com']),
      authority.issue(['shop.example.com']),
      authority.issue(['shop.example.com'], -1),
    ]);
    const complaint = async (certificate: string, key: string, host = 'shop.example.com') => {
      writeFileSync(join(folder, 'c.pem'), certificate);
      writeFileSync(join(folder, 'c.key'), key);
      writeFileSync(
        join(folder, 'lb.yaml'),
        `name: shop\nlisteners: { https: { port: 443, tls: { certificate: c.pem, key: c.key } } }\nroutes: [{ host: ${host}, paths: { /: { respond: 204 } } }]\n`,
      );
      return run('generate');
    };
    expect(await complaint(good.cert, good.key)).toMatchObject({ code: 0 });
    const table: readonly [Promise<{ code: number | null; stderr: string }>, string][] = [
      [complaint(good.cert, other.key), 'lb.yaml:2:66: c.key is the key of another certificate than c.pem'],
    ];
    for (const [ran, says] of table)
      expect(await ran).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
    expect((await complaint(expired.cert, expired.key)).stderr).toMatch(
      /lb.yaml:2:54: c.pem expired on \d{4}-\d\d-\d\d/u,
    );
    expect((await complaint(good.cert, good.key, 'other.example.com')).stderr).toContain(
      'c.pem is not for other.example.com',
    );
    expect((await complaint('not pem', good.key)).stderr).toContain('c.pem holds no certificate in PEM form');
    expect((await complaint(good.cert, 'not pem')).stderr).toContain(
      'c.key holds no private key in PEM form',
    );
    writeFileSync(
      join(folder, 'lb.yaml'),
      'name: shop\nlisteners: { https: { port: 443, tls: { certificate: none.pem, key: none.key } } }\n',
    );
    expect((await run('generate')).stderr).toContain('there is no file none.pem');
  });
});
