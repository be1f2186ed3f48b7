import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, median, rounded } from './figures.js';
import { LBCTL } from './processes.js';
import { configurationOf } from './services.js';

const ROUNDS = 25;

/** Measures wall times one after the other in turn, so that what else the machine does meets all alike. */
export function run() {
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-bench-'));
  writeFileSync(join(folder, 'lb.yaml'), fiftyRoutes());
  writeFileSync(join(folder, 'five.conf'), configurationOf(2));
  const commands = [
    { name: 'node -e 0', args: ['-e', '0'] },
    { name: 'lbctl --version', args: [LBCTL, '--version'], most: 1.7 },
    { name: 'lbctl --help', args: [LBCTL, '--help'], most: 1.8 },
    { name: 'completion of commands', args: [LBCTL, '__complete', ''], most: 2.5 },
    { name: 'completion of upstreams', args: [LBCTL, '__complete', 'pool', 'list', ''], most: 2.5 },
    { name: 'completion of rules', args: [LBCTL, '__complete', 'rules', ''], most: 2.5 },
    { name: 'completion of lb.yaml keys', args: [LBCTL, '__complete', 'help', 'lb.yaml', ''], most: 2.5 },
    { name: 'lbctl lint, 5 KB', args: [LBCTL, 'lint', 'five.conf'], most: 2.4 },
    { name: 'lbctl generate, 50 routes', args: [LBCTL, 'generate'], most: 3.5 },
  ];
  const times = commands.map(() => []);
  // the first two runs fill the caches of the system and of compiled code
  for (let round = -2; round < ROUNDS; round++) {
    for (const [index, { args }] of commands.entries()) {
      const time = timeOf(args, folder);
      if (round >= 0) times[index].push(time);
    }
  }
  rmSync(folder, { recursive: true });
  const [base, ...others] = times.map(median);
  console.log(`Start-up: medians of ${ROUNDS} runs; node -e 0 takes ${rounded(base, 1)} ms\n`);
  for (const [index, time] of others.entries()) {
    const { name, most } = commands[index + 1];
    judge(name, `${rounded(time / base, 2)}x`, time / base <= most, `at most ${most}x`);
  }
}

/** Milliseconds until the program has ended. */
function timeOf(args, cwd) {
  // this variable alone costs Node 20 tens of milliseconds
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  // with 1 it says that there are findings
  if (status === null || status > 1) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - started;
}

function fiftyRoutes() {
  const routes = Array.from(
    { length: 50 },
    (_, index) => `
  - host: site-${index}.example.com
    paths:
      /: pool-${index % 10}
      /api/: { upstream: pool-${(index + 1) % 10}, rate_limit: 20r/s, timeout: 5s }
      /old/: { redirect: "https://new.example.com$request_uri" }`,
  );
  const pools = Array.from(
    { length: 10 },
    (_, index) => `
  pool-${index}: { balance: least_conn, servers: ["10.0.${index}.1:8080", "10.0.${index}.2:8080"] }`,
  );
  return `name: fifty
listeners: { http: { port: 8080 } }
upstreams:${pools.join('')}
routes:${routes.join('')}
`;
}
