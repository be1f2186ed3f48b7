// The whole of lbctl in one go, behind `npm run quickstart`: sets up what is missing, starts three servers and a
// balancer in front of them, and kills a server while requests flow. `-- --keep` leaves it running, and `-- --fresh`
// replaces one that was kept.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDependencies, ensureNginx, root, run } from './system.js';

const FOLDER = join(root, '.lbctl-demo');
/** Servers of a demo that was kept. */
const KEPT = join(FOLDER, 'servers.json');
const PROGRAM = join(root, 'bin/lbctl.js');
const SERVERS = ['red', 'green', 'blue'];
const OPTIONS = new Set(['--keep', '--fresh', '--help']);
const given = process.argv.slice(2);
const keep = given.includes('--keep');
const say = (text = '') => console.log(text);

/** Running servers: name, port and process. */
let servers = [];

/** Port that stands for one of the example. */
let portOf;

/** Whether there is something of this run to be cleaned up. */
let begun = false;

for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }))
  process.on(signal, () => interrupted(code));

// a reader that has seen enough (`npm run quickstart | head`) leaves nothing running
process.stdout.on('error', () => {
  clean();
  process.exit();
});

function interrupted(code) {
  const told = begun ? 'interrupted; the demo is stopped and removed' : 'interrupted';
  clean();
  say(`\n${told}`);
  process.exit(code);
}

/** What is wrong with the command line, or help; gives the exit code, and undefined where the demo may begin. */
function answered() {
  const wrong = given.find((word) => !OPTIONS.has(word));
  if (wrong !== undefined) {
    console.error(`error: unknown option '${wrong}'\nhint: npm run quickstart -- --help shows what there is`);
    return 2;
  }
  if (given.includes('--help')) {
    say('npm run quickstart               three servers, a balancer in front, and one of them killed');
    say('npm run quickstart -- --keep     the same, and leave it running in .lbctl-demo');
    say('npm run quickstart -- --fresh    replace a demo that was kept, with what you changed in it');
    return 0;
  }
  if (!existsSync(KEPT) || given.includes('--fresh')) return undefined;
  console.error('error: a demo was kept in .lbctl-demo, and what you changed in its lb.yaml would be lost');
  console.error(`hint: ${['npm run quickstart --', ...given, '--fresh'].join(' ')} replaces it`);
  return 2;
}

function ensureBuild() {
  const built = join(root, 'dist/meta.json');
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const newest = Math.max(...sources.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  say('building lbctl');
  run(process.execPath, ['scripts/build.js']);
}

async function demonstrate() {
  stopEarlierDemo();
  begun = true;
  mkdirSync(FOLDER, { recursive: true });
  const port = await writeBalancer();
  servers = SERVERS.map((name, index) => startServer(name, 9001 + index));
  await Promise.all(servers.map(waitFor));

  step('Three servers and this lb.yaml:');
  say(readFileSync(join(FOLDER, 'lb.yaml'), 'utf8').replace(/^/gmu, '    '));
  step('lbctl up');
  lbctl('up', '--yes');

  step(`300 requests to http://localhost:${port}/`);
  const before = await sendRequests(port, 300);
  report(before);

  const [victim] = servers;
  step(`Again, and ${victim.name} is killed while they flow`);
  const killed = sleep(60).then(() => victim.process.kill('SIGKILL'));
  const during = await sendRequests(port, 600);
  await killed;
  report(during);

  step('lbctl status');
  lbctl('status');
  const failed = before.failed + during.failed;
  step(
    failed === 0
      ? 'A server died, and not one request failed.'
      : `${failed} requests failed, which must not happen.`,
  );
  if (failed > 0) process.exitCode = 1;
  conclude(port);
}

/** A demo that was kept, or cut short, is in the way of this one. */
function stopEarlierDemo() {
  if (!existsSync(join(FOLDER, 'lb.yaml'))) return;
  spawnSync(process.execPath, [PROGRAM, 'down', '--yes'], { cwd: FOLDER, stdio: 'ignore' });
  const pids = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : [];
  for (const pid of pids) {
    const title = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
    if (title.includes('demo-server.js')) process.kill(pid);
  }
  rmSync(FOLDER, { recursive: true, force: true });
}

/** Copies the example, with other ports where its own are taken; gives the port to send requests to. */
async function writeBalancer() {
  cpSync(join(root, 'fixtures/quickstart/lb.yaml'), join(FOLDER, 'lb.yaml'));
  let text = readFileSync(join(FOLDER, 'lb.yaml'), 'utf8');
  const ports = [8080, 9001, 9002, 9003];
  const free = [];
  for (const port of ports) {
    const found = await freePort(port, free);
    if (found !== port) say(`port ${port} is taken, so the demo uses ${found}`);
    text = text.replace(String(port), String(found));
    free.push(found);
  }
  portOf = (configured) => free[ports.indexOf(configured)];
  writeFileSync(join(FOLDER, 'lb.yaml'), text);
  return portOf(8080);
}

async function freePort(from, taken) {
  for (let port = from; ; port++) {
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

function startServer(name, configured) {
  const port = portOf(configured);
  const process_ = spawn(process.execPath, [join(root, 'scripts/demo-server.js'), name, String(port)], {
    stdio: 'ignore',
    detached: keep,
  });
  return { name, port, process: process_ };
}

async function waitFor({ name, port }) {
  for (let tries = 0; tries < 100; tries++, await sleep(50)) {
    if ((await get(port)) === name) return;
  }
  throw new Error(`the demo server ${name} does not answer on port ${port}`);
}

/** Sends requests over ten connections that are kept open; counts answers by server, and what failed. */
async function sendRequests(port, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const tally = { answers: Object.fromEntries(SERVERS.map((name) => [name, 0])), failed: 0 };
  let left = count;
  const client = async () => {
    while (left-- > 0) {
      const answer = await get(port, agent);
      if (answer in tally.answers) tally.answers[answer]++;
      else tally.failed++;
    }
  };
  await Promise.all(Array.from({ length: 10 }, client));
  agent.destroy();
  return tally;
}

/** Body of a good answer, or undefined. */
function get(port, agent) {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', agent, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response
        .on('end', () => resolve(response.statusCode === 200 ? text.trim() : undefined))
        .on('error', () => resolve());
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve());
    asked.end();
  });
}

function report({ answers, failed }) {
  for (const [name, count] of Object.entries(answers))
    say(`    ${name.padEnd(6)} ${String(count).padStart(4)}  ${'█'.repeat(Math.round(count / 10))}`);
  say(`    failed ${String(failed).padStart(4)}`);
}

function step(text) {
  say(`\n▸ ${text}`);
}

function lbctl(...args) {
  run(process.execPath, [PROGRAM, ...args], { cwd: FOLDER });
}

function conclude(port) {
  const here = 'cd .lbctl-demo';
  if (!keep) {
    clean();
    step('The demo is stopped and removed. Next:');
    say('    npm run quickstart -- --keep       the same, and leave it running');
    say('    node bin/lbctl.js --help           all commands');
    say('    README.md                          write an lb.yaml of your own');
    return;
  }
  writeFileSync(KEPT, JSON.stringify(servers.slice(1).map(({ process: { pid } }) => pid)));
  for (const { process: server } of servers) server.unref();
  step('The demo goes on running. Next:');
  say(`    curl http://localhost:${port}/`);
  say(`    ${here} && node ../bin/lbctl.js status`);
  say(`    ${here} && node ../bin/lbctl.js config       every default, marked`);
  say(`    ${here} && node ../bin/lbctl.js generate     the NGINX configuration`);
  say('    edit .lbctl-demo/lb.yaml, then run lbctl plan and lbctl up there');
  say(`    ${here} && node ../bin/lbctl.js down          stops the balancer`);
  say(
    `    kill ${servers
      .slice(1)
      .map(({ process: { pid } }) => pid)
      .join(' ')}              stops the servers behind it`,
  );
}

function clean() {
  for (const { process: server } of servers) server.kill('SIGKILL');
  if (!begun) return;
  begun = false;
  // Ctrl-C is for us alone: what is being stopped comes to its end
  const down = { cwd: FOLDER, stdio: 'ignore', detached: true };
  spawnSync(process.execPath, [PROGRAM, 'down', '--yes'], down);
  rmSync(FOLDER, { recursive: true, force: true });
}

const code = answered();
if (code !== undefined) process.exit(code);
try {
  ensureDependencies();
  ensureBuild();
  ensureNginx();
  await demonstrate();
} catch (error) {
  if (error.interrupted) interrupted(130);
  say(`quickstart failed: ${error.message}`);
  process.exitCode = 1;
  clean();
}
