// Requests that fail while `lbctl deploy`, `pool drain` and `rollback` are at work on this machine and on a node by ssh.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge, rounded } from './figures.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the tests do in short is done at length. */
export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-bench-'));
  const report = join(folder, 'report');
  const { status, stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/vitest'),
    ['run', 'test/commands/under-load.test.ts'],
    {
      cwd: root,
      env: {
        ...process.env,
        LBCTL_RELEASES: '1',
        LBCTL_TEST_RELEASES: 'all',
        LBCTL_TEST_REPORT: report,
      },
      encoding: 'utf8',
    },
  );
  try {
    for (const line of readFileSync(report, 'utf8').trimEnd().split('\n')) show(JSON.parse(line));
  } catch {
    // whatever kept it from measuring is told below
  }
  rmSync(folder, { recursive: true, force: true });
  if (status === 0) return;
  console.log(`${stdout}${stderr}`);
  process.exitCode = 1;
}

function show({ name, deploys, drains, rollbacks, requests, errors, sent, failed, repeated }) {
  console.log(`\n${name}: ${deploys} deploys, ${drains} drains and their ends, ${rollbacks} rollbacks\n`);
  judge('connection a request (wrk)', errors === '' ? '0 failed' : errors, errors === '', '0');
  console.log(`    of ${rounded(requests)} requests`);
  judge('kept connections', `${failed} failed`, failed === 0, '0');
  console.log(`    of ${rounded(sent)} requests; ${rounded(repeated)} repeated`);
}
