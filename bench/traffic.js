import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArticle, startBackends, startHaproxy, startLbctl } from './contenders.js';
import { measureFailures } from './failures.js';
import { judge, median, rounded } from './figures.js';
import { find, freePort } from './processes.js';
import { wrk } from './wrk.js';

const ROUNDS = 9;
const SECONDS = 2;
const CONNECTIONS = 64;
const LEAST_RATIO = 2.2;

/** Measures throughput and failures of a balancer in front of three servers. */
export async function run() {
  for (const program of ['nginx', 'wrk'])
    if (!find(program)) throw new Error(`${program} is not installed, and this benchmark needs it`);
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-bench-'));
  try {
    const ports = [await freePort(), await freePort(), await freePort()];
    await measureThroughput(folder, ports);
    await measureFailures(folder, ports);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureThroughput(folder, ports) {
  const backends = await startBackends(join(folder, 'backends'), ports);
  const contenders = {
    lbctl: await startLbctl(join(folder, 'lbctl'), ports),
    article: await startArticle(join(folder, 'article'), ports),
    haproxy: await startHaproxy(join(folder, 'haproxy'), ports),
  };
  const present = Object.entries(contenders).filter(([, contender]) => contender);
  try {
    report(await measureInTurn(present));
  } finally {
    for (const [, contender] of present) await contender.stop();
    await backends.stop();
  }
}

/** Rounds of all contenders by turns, so that what else the machine does meets all alike. */
async function measureInTurn(present) {
  const measured = Object.fromEntries(present.map(([name]) => [name, []]));
  for (const [, { port }] of present) await wrk(port, CONNECTIONS, 1);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, { port }] of present) measured[name].push(await wrk(port, CONNECTIONS, SECONDS));
  }
  return measured;
}

function report(measured) {
  console.log(
    `Traffic: wrk with ${CONNECTIONS} kept connections, medians of ${ROUNDS} rounds of ${SECONDS} s in turn, ` +
      `${availableParallelism()} cores for all\n`,
  );
  const figures = Object.entries(measured).map(([name, rounds]) => ({
    name,
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    // of each round on its own, as what disturbs the machine comes and goes
    ratio: median(rounds.map(({ perSecond }, round) => perSecond / measured.article[round].perSecond)),
    p99: median(rounds.map(({ p99 }) => p99)),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  }));
  const [lbctl, article] = ['lbctl', 'article'].map((wanted) => figures.find(({ name }) => name === wanted));
  console.log('             requests/s   against article   p99 (ms)   failed');
  for (const { name, perSecond, ratio, p99, failed } of figures) {
    console.log(
      `  ${name.padEnd(8)} ${rounded(perSecond).padStart(12)} ${`${rounded(ratio, 2)}x`.padStart(17)} ${rounded(p99, 2).padStart(10)} ${String(failed).padStart(8)}`,
    );
  }
  if (!measured.haproxy) console.log('  haproxy is not installed, so it is left out');
  console.log('');
  const { ratio } = lbctl;
  judge(
    "requests a second, against the article's",
    `${rounded(ratio, 2)}x`,
    ratio >= LEAST_RATIO,
    `at least ${LEAST_RATIO}x`,
  );
  judge(
    "p99, against the article's",
    `${rounded(lbctl.p99 / article.p99, 2)}x`,
    lbctl.p99 <= article.p99,
    'at most 1x',
  );
  judge('failed requests', String(lbctl.failed), lbctl.failed === 0, '0');
}
