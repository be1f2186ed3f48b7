import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FakeAws } from '../fake-aws/server.ts';
import { lbctl, PROGRAM, type Run } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { freePort } from '../support/ports.ts';
import { endNginx } from '../support/processes.ts';
import { without } from '../support/tools.ts';
import { currentRelease } from './release.ts';
import { CLOUD, cloudAccount, LIGHTSAIL, LOCAL } from './scene.ts';
import { type Home, names, offline, rows } from './table.ts';

let folder: string;
let silent: { readonly url: string; readonly close: () => void; readonly met: Set<() => void> };
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFiles(folder, {
    'lb.yaml': LOCAL(await freePort()),
    'cloud.yaml': CLOUD,
    'lightsail.yaml': LIGHTSAIL,
    'good.conf': 'events { }\n',
    'bad.conf': 'evnts { }\n',
    'records.zone': '$ORIGIN example.com.\nmail 60 IN A 192.0.2.1\n',
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
const ofAccount = (aws: FakeAws) => ({ ...nobody(), ...aws.env, AWS_REGION: 'eu-west-1' });

const run = (name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> =>
  lbctl([...name.split(' '), ...args, '--json'], { cwd: folder, env });

/**
 * Runs all commands of a home in their order, which leads from nothing to nothing, and those that find something before that.
 * @returns the code of each; what it says, where that is not 0.
 */
async function endsOf(home: Home, env: Record<string, string>): Promise<unknown[]> {
  const ends: unknown[] = [];
  for (const { name, args = [], finds, file } of rows.filter(({ on = [] }) => on.includes(home))) {
    const found = finds && (await run(name, finds, env)).code;
    const given = args.includes('RELEASE') ? [await currentRelease({ cwd: folder, env })] : args;
    const { code, stderr } = await run(name, given, file === undefined ? env : { ...env, LBCTL_FILE: file });
    ends.push([name, ...(finds ? [found] : []), code === 0 ? 0 : stderr]);
  }
  return ends;
}

const wellFor = (home: Home): unknown[] =>
  rows.filter(({ on = [] }) => on.includes(home)).map(({ name, finds }) => [name, ...(finds ? [1] : []), 0]);

test('every command has its row', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

test.concurrent.each(rows)('$name: 2 for an option that there is not', async ({ name }) => {
  const { code, stdout } = await run(name, ['--nothing']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, error: { code: 'unknown-option' } });
});

test.each(offline)('$name: 0 when it is done', async ({ name, args = [] }) => {
  expect(await run(name, args, nobody())).toMatchObject({ code: 0 });
});

test.each(offline.filter(({ finds }) => finds))(
  '$name: 1 when there is something to find',
  async ({ name, finds = [] }) => {
    expect(await run(name, finds)).toMatchObject({ code: 1 });
  },
);

describe.skipIf(without('nginx'))('of a balancer on this machine', () => {
  test('0 for each, 1 for plan --check, and 3 where there is none to change', async () => {
    expect(await run('deploy', ['--yes'])).toMatchObject({ code: 3 });
    expect(await endsOf('local', nobody())).toEqual(wellFor('local'));
  });
});

test('beside things on AWS: 0 for each, and 1 for what checks', async () => {
  const env = { ...ofAccount(await cloudAccount()), LBCTL_FILE: 'cloud.yaml' };
  expect(await endsOf('cloud', env)).toEqual(wellFor('cloud'));
});

describe('where AWS is asked', () => {
  const cloud = rows.filter(({ aws = false }) => aws);
  const env = { LBCTL_FILE: 'lightsail.yaml' };
  let closed: FakeAws;
  beforeAll(async () => {
    closed = await cloudAccount();
    closed.allow([]);
  });

  test.each(cloud)(
    '$name: 4 without credentials or where nothing is allowed, 3 where nothing answers',
    async ({ name, args = [] }) => {
      const [unknown, denied, failed] = await Promise.all([
        run(name, args, { ...nobody(), ...env }),
        run(name, args, { ...ofAccount(closed), ...env }),
        run(name, args, { ...somebody('http://127.0.0.1:9'), ...env }),
      ]);
      expect([unknown.code, unknown.stdout]).toEqual([4, expect.stringContaining('"error"')]);
      expect([denied.code, denied.stdout]).toEqual([4, expect.stringContaining('"error"')]);
      expect([failed.code, failed.stdout]).toEqual([3, expect.stringContaining('"error"')]);
    },
  );

  test.each(cloud)('$name: 130 by Ctrl-C', async ({ name, args = [] }) => {
    const child = spawn(process.execPath, [PROGRAM, ...name.split(' '), ...args, '--json'], {
      cwd: folder,
      env: { ...process.env, ...somebody(silent.url), ...env },
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
});
