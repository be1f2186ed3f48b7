import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, median, rounded } from './figures.js';
import { LBCTL } from './processes.js';
import { shortDirectives, writeServices } from './services.js';

const ROUNDS = 5;
const SERVICES = 4000;

/** Checks and formats some ten megabytes, against `nginx -t` on the same files; in turn, as the machine is not quiet. */
export function run() {
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-bench-'));
  try {
    const large = writeServices(join(folder, 'large'), SERVICES);
    const small = writeServices(join(folder, 'small'), SERVICES / 10);
    const one = join(folder, 'one', 'nginx.conf');
    mkdirSync(join(folder, 'one'));
    writeFileSync(one, shortDirectives());
    console.log(`${rounded(large.bytes / 1e6, 1)} MB in ${SERVICES} files; medians of ${ROUNDS} runs\n`);
    const measures = {
      nginx: () => timed('nginx', ['-t', '-q', '-p', join(folder, 'large'), '-c', large.main]),
      lint: () => lbctl(['lint', large.main]),
      format: () => lbctl(['fmt', '--check', join(folder, 'large')]),
      tenth: () => lbctl(['lint', small.main]),
      nginxOne: () => timed('nginx', ['-t', '-q', '-p', join(folder, 'one'), '-c', one]),
      lintOne: () => lbctl(['lint', one]),
    };
    const runs = Object.fromEntries(Object.keys(measures).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, measure] of Object.entries(measures)) runs[name].push(measure());
    const time = (name) => median(runs[name].map(({ ms }) => ms));
    const peak = (name) => Math.max(...runs[name].map(({ megabytes }) => megabytes));
    const ratio = (a, b) => time(a) / time(b);
    console.log(`nginx -t takes ${rounded(time('nginx'), 0)} ms\n`);
    report('lint with all rules, against nginx -t', ratio('lint', 'nginx'), 3);
    report('fmt, against nginx -t', ratio('format', 'nginx'), 3);
    report('lint, against a tenth of the files', ratio('lint', 'tenth'), 11);
    report('lint on one such file, against nginx -t', ratio('lintOne', 'nginxOne'), 3);
    judge('memory of lint', `${rounded(peak('lint'), 0)} MB`, peak('lint') < 600, 'less than 600 MB');
    judge(
      'memory of lint, one file',
      `${rounded(peak('lintOne'), 0)} MB`,
      peak('lintOne') < 600,
      'less than 600 MB',
    );
    judge('memory of fmt', `${rounded(peak('format'), 0)} MB`, peak('format') < 450, 'less than 450 MB');
    const { rule, share } = slowestRule(large.main);
    judge(`share of the slowest rule, ${rule}`, `${rounded(share, 1)} %`, share < 15, 'less than 15 %');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The rule that takes most of the time, as --timing tells it. */
function slowestRule(file) {
  const { stderr } = spawnSync(process.execPath, [LBCTL, 'lint', '--timing', file], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const rows = [...stderr.matchAll(/([\d.]+) %\s+([a-z]+\/\S+)/g)].map(([, share, rule]) => ({
    rule,
    share: Number(share),
  }));
  return rows.toSorted((a, b) => b.share - a.share)[0];
}

function report(name, figure, most) {
  judge(name, `${rounded(figure, 2)}x`, figure <= most, `at most ${most}x`);
}

/** lbctl with its greatest memory, which it tells through a file that Node loads before it. */
function lbctl(args) {
  const script = new URL('peak.cjs', import.meta.url).pathname;
  return timed(process.execPath, ['--require', script, LBCTL, ...args]);
}

function timed(program, args) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const started = performance.now();
  const { status, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 1e8 });
  const ms = performance.now() - started;
  // fmt --check says with 1 that files would change
  if (error || status > 1) throw error ?? new Error(`${program} ${args.join(' ')}: ${stderr.slice(0, 500)}`);
  return { ms, megabytes: Number(/peak-kilobytes (\d+)/.exec(stderr)?.[1] ?? 0) / 1024 };
}
