// Everything that must hold before a change lands, behind `npm test`. Ends with `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDependencies, ensureNginx, find, installDebian, root } from './system.js';

/** Debian packages of the programs that tests drive, by a program or file that tells whether they are there. */
const TOOLS = {
  wrk: 'wrk',
  openssl: 'openssl',
  pcre2test: 'pcre2-utils',
  'pre-commit': 'pre-commit',
  curl: 'curl',
  shellcheck: 'shellcheck',
  busybox: 'busybox',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  ip: 'iproute2',
  sudo: 'sudo',
  tcsh: 'tcsh',
  fish: 'fish',
  tmux: 'tmux',
  zsh: 'zsh',
  mandoc: 'mandoc',
  pebble: 'pebble',
  certbot: 'certbot',
  '/usr/lib/nginx/modules/ngx_stream_module.so': 'libnginx-mod-stream',
  '/usr/lib/nginx/modules/ngx_mail_module.so': 'libnginx-mod-mail',
  '/usr/lib/nginx/modules/ngx_http_geoip2_module.so': 'libnginx-mod-http-geoip2',
  '/usr/lib/nginx/modules/ngx_http_modsecurity_module.so': 'libnginx-mod-http-modsecurity',
  '/usr/share/modsecurity-crs/rules/REQUEST-901-INITIALIZATION.conf': 'modsecurity-crs',
};

const bin = (name) => join(root, 'node_modules/.bin', name);

/** Name, program and arguments. The others look at what it makes. */
const BUILD = ['build', process.execPath, ['scripts/build.js']];

/** Checks beside the tests, which run side by side. */
const CHECKS = [
  ['format', bin('oxfmt'), ['--check']],
  ['lint and floors', bin('oxlint'), ['--deny-warnings']],
  ['types', bin('tsc'), ['-p', '.']],
  ['unused code', bin('knip'), ['--no-progress']],
];

setUp();
let [passed, failed, skipped] = [0, 0, 0];
await check(BUILD);
await Promise.all(CHECKS.map(check));
runTests();
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

function setUp() {
  ensureDependencies();
  const missing = Object.keys(TOOLS).filter((tool) => !(tool.startsWith('/') ? readable(tool) : find(tool)));
  const canInstall = find('apt-get') && process.getuid?.() === 0;
  if (missing.length > 0 && canInstall) installDebian(['nginx', ...missing.map((tool) => TOOLS[tool])]);
  else ensureNginx();
  if (missing.length > 0 && !canInstall)
    console.log(`not installed, their tests are skipped: ${missing.map((tool) => TOOLS[tool]).join(', ')}`);
}

function readable(path) {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

/** Runs a check and tells what came of it, with all that it printed where it failed. */
async function check([name, program, args]) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += text));
  const isFine = await new Promise((resolve) =>
    child
      .once('error', (error) => resolve(void (said += error.message)))
      .once('close', (code) => resolve(code === 0)),
  );
  console.log(`${isFine ? 'ok    ' : 'FAILED'} ${name}`);
  if (isFine) return void passed++;
  failed++;
  return console.log(said);
}

/** Runs the tests and adds up what their report says; a run without a report counts as one failure. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-check-'));
  const report = join(folder, 'report.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  // thousands of programs are started, and each would read the certificates; the tests need none but their own
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { status } = spawnSync(bin('vitest'), args, {
    cwd: root,
    env: { ...env, LBCTL_BUILT: 'yes', ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    const totals = JSON.parse(readFileSync(report, 'utf8'));
    passed += totals.numPassedTests;
    failed += totals.numFailedTests;
    skipped += totals.numPendingTests + totals.numTodoTests;
    // a file that could not be loaded has no test that failed
    if (status !== 0 && totals.numFailedTests === 0) failed++;
  } catch (error) {
    console.log(`the tests left no report: ${error.message}`);
    failed++;
  }
  rmSync(folder, { recursive: true, force: true });
}
