import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../src/commands/registry.ts';
import { lbctl, PROGRAM, type Run } from './support/cli.ts';
import { temporaryFolder, writeFiles } from './support/folder.ts';
import { freePort } from './support/ports.ts';
import { endNginx } from './support/processes.ts';
import { without } from './support/tools.ts';

const LOCAL = (port: number) => `name: shop
listeners: { http: { port: ${port} } }
upstreams: { web: [127.0.0.1:9001, 127.0.0.1:9002] }
routes: [{ paths: { /: web } }]
metrics: { port: ${port + 1} }
`;
const LIGHTSAIL = `name: shop
provider: lightsail
regions: [eu-west-1]
lightsail: { ssh_from: [203.0.113.7] }
listeners: { http: { port: 80 } }
upstreams: { web: [172.26.4.11:8080] }
routes: [{ paths: { /: web } }]
dns: { zone: example.com, name: www.example.com, policy: weighted, answers: { blue: { to: 192.0.2.1, weight: 1 } } }
alarms: { notify: 'arn:aws:sns:eu-west-1:111122223333:ops' }
`;

/** What a command needs behind its words, and which of the exit codes it can end with beside 0 and 2. */
interface Row {
  readonly args?: readonly string[];
  /** Calls AWS, with the lb.yaml of Lightsail: 3 where nothing answers, 4 without credentials, 130 by Ctrl-C. */
  readonly aws?: boolean;
  /** What has it end with 1. */
  readonly finds?: readonly string[];
  /** Runs a balancer of this machine, in the order of the table. */
  readonly local?: boolean;
}

const ZONE = ['--zone', 'example.com'];
const RECORDS = [...ZONE, '--name', 'www.example.com', '--simple', '192.0.2.1'];
const TABLE: Readonly<Record<string, Row>> = {
  init: { args: ['--yes', '--file', 'new.yaml', '--server', '127.0.0.1:9001'] },
  config: {},
  generate: {},
  lint: { args: ['lb.yaml'], finds: ['bad.conf'] },
  rules: {},
  fmt: { args: ['good.conf'], finds: ['--check', 'bad.conf'] },
  schema: {},
  completion: { args: ['bash'] },
  plan: { aws: true, finds: ['--check'], local: true },
  up: { args: ['--yes', '--no-dns'], aws: true, local: true },
  status: { aws: true, local: true },
  deploy: { args: ['--yes'], aws: true, local: true },
  releases: { aws: true, local: true },
  diff: { args: ['RELEASE'], local: true },
  'pool list': { local: true },
  'pool drain': { args: ['127.0.0.1:9001', '--yes', '--watch', '0'], local: true },
  'pool undrain': { args: ['127.0.0.1:9001', '--yes', '--watch', '0'], local: true },
  'pool add': { args: ['web', '127.0.0.1:9003', '--yes', '--watch', '0'], local: true },
  'pool remove': { args: ['web', '127.0.0.1:9003', '--yes', '--watch', '0'], local: true },
  rollback: { args: ['--yes', '--watch', '0'], local: true },
  down: { args: ['--yes', '--no-dns'], aws: true, local: true },
  lockdown: { args: ['--yes'], aws: true },
  adopt: { args: ['web-1', '--yes'], aws: true },
  metrics: { aws: true },
  'alarms plan': { aws: true },
  'alarms apply': { args: ['--yes'], aws: true },
  'alarms list': { aws: true },
  'alarms remove': { args: ['--yes'], aws: true },
  'alarms test': { args: ['--yes'], aws: true },
  'dns plan': { aws: true },
  'dns apply': { args: ['--yes'], aws: true },
  'dns list': { args: ZONE, aws: true },
  'dns export': { args: ZONE, aws: true },
  'dns import': { args: ['records.zone', ...ZONE, '--yes'], aws: true },
  'dns shift': { args: ['blue=1', '--yes'], aws: true },
  'dns undo': { args: [...ZONE, '--yes'], aws: true },
  'dns where': { args: ['--from', 'DE', ...RECORDS] },
};

let folder: string;
let silent: { readonly url: string; readonly close: () => void; readonly met: Set<() => void> };
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFiles(folder, {
    'lb.yaml': LOCAL(await freePort()),
    'lightsail.yaml': LIGHTSAIL,
    'good.conf': 'events { }\n',
    'bad.conf': 'evnts { }\n',
    'records.zone': '$ORIGIN example.com.\nwww 60 IN A 192.0.2.1\n',
  });
  const met = new Set<() => void>();
  const server = createServer(() => {
    for (const tell of met) tell();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  silent = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
    met,
  };
});
afterAll(async () => {
  silent.close();
  await endNginx(join(folder, '.lbctl'));
});

/** An account that there is not; whatever the person who runs the tests has is out of reach. */
const nobody = () => ({
  HOME: folder,
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: join(folder, 'none'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_MAX_ATTEMPTS: '1',
});
const somebody = (url: string) => ({
  ...nobody(),
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  AWS_ENDPOINT_URL: url,
});

const names = commands.flatMap((spec) =>
  'commands' in spec ? spec.commands.map(({ name }) => `${spec.name} ${name}`) : [spec.name],
);
const rows = Object.entries(TABLE).map(([name, row]) => ({ name, ...row }));
const run = (name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> =>
  lbctl([...name.split(' '), ...args, '--json'], { cwd: folder, env });

test('every command has its row', () => {
  expect(Object.keys(TABLE).toSorted()).toEqual(names.toSorted());
});

describe('exit codes', () => {
  test.concurrent.each(rows)('$name: 2 for an option that there is not', async ({ name }) => {
    const { code, stdout } = await run(name, ['--nothing']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, error: { code: 'unknown-option' } });
  });

  const offline = rows.filter(({ aws = false, local = false }) => !aws && !local);
  test.each(offline)('$name: 0 when it is done', async ({ name, args = [] }) => {
    expect(await run(name, args, nobody())).toMatchObject({ code: 0 });
  });

  test.each(rows.filter(({ finds, local = false }) => finds && !local))(
    '$name: 1 when there is something to find',
    async ({ name, finds = [] }) => {
      expect(await run(name, finds)).toMatchObject({ code: 1 });
    },
  );

  const cloud = rows.filter(({ aws = false }) => aws);
  test.each(cloud)('$name: 4 without credentials, 3 where nothing answers', async ({ name, args = [] }) => {
    const env = { LBCTL_FILE: 'lightsail.yaml' };
    const [denied, failed] = await Promise.all([
      run(name, args, { ...nobody(), ...env }),
      run(name, args, { ...somebody('http://127.0.0.1:9'), ...env }),
    ]);
    expect([denied.code, denied.stdout]).toEqual([4, expect.stringContaining('"error"')]);
    expect([failed.code, failed.stdout]).toEqual([3, expect.stringContaining('"error"')]);
  });

  test.each(cloud)('$name: 130 by Ctrl-C', async ({ name, args = [] }) => {
    const env = { ...process.env, ...somebody(silent.url), LBCTL_FILE: 'lightsail.yaml' };
    const child = spawn(process.execPath, [PROGRAM, ...name.split(' '), ...args, '--json'], {
      cwd: folder,
      env,
    });
    const stop = () => void child.kill('SIGINT');
    silent.met.add(stop);
    const ended = await new Promise((resolve) =>
      child.on('close', (code, signal) => resolve(code ?? signal)),
    );
    silent.met.delete(stop);
    // a shell makes 130 of the signal
    expect([130, 'SIGINT']).toContain(ended);
  });

  describe.skipIf(without('nginx'))('of a balancer on this machine', () => {
    test('0 for each, 1 for plan --check, and 3 where there is none to change', async () => {
      expect(await run('deploy', ['--yes'])).toMatchObject({ code: 3 });
      for (const { name, args = [], finds } of rows.filter(({ local = false }) => local)) {
        if (finds) expect([name, (await run(name, finds)).code]).toEqual([name, 1]);
        const listed = args.includes('RELEASE') ? await run('releases', []) : undefined;
        const { nodes } = JSON.parse(listed?.stdout ?? '{"nodes":[]}') as { nodes: { current: string }[] };
        const { code, stderr } = await run(
          name,
          args.map((arg) => (arg === 'RELEASE' ? nodes[0]!.current : arg)),
        );
        expect([name, code, code === 0 ? '' : stderr]).toEqual([name, 0, '']);
      }
    });
  });
});

describe('output', () => {
  /** What is printed without a balancer that runs, by command line. */
  const LINES = [
    'config',
    'generate',
    'lint bad.conf',
    'rules',
    'rules lost-headers',
    'plan',
    'status',
    'init --help',
    'help output',
    `dns where ${RECORDS.join(' ')}`,
  ];
  const SETTINGS = [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { LC_ALL: 'C', LANG: 'C' }];

  test.each(LINES)(
    '%s has no colours in a pipe, and the same words whatever the terminal is',
    async (line) => {
      const runs = await Promise.all(
        [{}, ...SETTINGS].map((env) => lbctl(line.split(' '), { cwd: folder, env: { ...nobody(), ...env } })),
      );
      for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toMatch(/\u001B/u);
      const [first, noColor, dumb, ascii] = runs;
      expect(noColor).toEqual(first);
      expect(dumb).toEqual(first);
      expect(ascii!.code).toBe(first!.code);
    },
  );
});

/** What a terminal of so many columns gets. */
function onTerminal(columns: number, line: string, env: Record<string, string>): string {
  const shell = `stty cols ${columns}; exec ${process.execPath} ${PROGRAM} ${line}`;
  // whoever runs the tests may want no colours, and in a pipeline nobody looks at them
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...inherited } = process.env;
  return execFileSync('script', ['-qec', shell, '/dev/null'], {
    cwd: folder,
    env: { ...inherited, ...nobody(), TERM: 'xterm', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).replaceAll('\r', '');
}

describe.each([40, 200])('on a terminal of %i columns', (columns) => {
  test.each(['--help', 'help output', 'plan --help', 'rules lost-headers'])(
    '%s keeps to its width',
    (line) => {
      const shown = stripVTControlCharacters(onTerminal(columns, line, {}));
      const long = shown.split('\n').filter((text) => text.length > columns);
      // what is copied stays whole: commands, options, and lines of files
      expect(
        long.filter((text) => !/^ +(?:lbctl|-|\$)|^(?: {4})+\S/u.test(text) && text.trim().includes(' ')),
      ).toEqual([]);
      expect(shown.length).toBeGreaterThan(200);
    },
  );
});

test('a terminal has colours, unless it is dumb or they are not wanted', () => {
  expect(onTerminal(80, 'rules', {})).toMatch(/\u001B\[/u);
  for (const env of [{ TERM: 'dumb' }, { NO_COLOR: '1' }])
    expect(onTerminal(80, 'rules', env)).not.toMatch(/\u001B/u);
  expect(onTerminal(80, 'rules --no-color', {})).not.toMatch(/\u001B/u);
});

test('a locale that is not UTF-8 gets signs in ASCII', async () => {
  writeFileSync(join(folder, 'plain.yaml'), LOCAL(8080));
  for (const line of ['plan -f plain.yaml', `dns where ${RECORDS.join(' ')}`, 'rules', 'help']) {
    const { stdout, stderr } = await lbctl(line.split(' '), {
      cwd: folder,
      env: { ...nobody(), LC_ALL: 'C' },
    });
    expect(stdout + stderr).toMatch(/^[\0-\x7F]*$/u);
  }
});
