// A release goes over many nodes: an NGINX each on this machine, with an address of its own, whose cores they share.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { judge, rounded } from './figures.js';
import { idOf, startNodes } from './fleet.js';
import { startLogin } from './login.js';

const NODES = 100;
/** Seconds for which each node is watched. */
const WATCH = 3;
/** Nodes and batches; the canary is a batch of its own. */
const ROADS = [
  [50, 10],
  [100, 10],
  [100, 25],
];
/** So many times the batches may take what one node takes: the script works on few cores for all of them. */
const SHARED = 4;

const SOURCE = `
export { rollOut } from './src/lib/release/rollout/roll-out.ts';
export { closing, survey } from './src/lib/release/rollout/survey.ts';
export { targetsOf } from './src/lib/release/rollout/target.ts';
export { localTransport } from './src/lib/release/transports/local.ts';
export { sshTransport } from './src/lib/release/transports/ssh.ts';
`;

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-bench-'));
  const fleet = await startNodes(folder, NODES);
  try {
    const lib = await bundle(folder);
    const local = (index) => ({ ...lib.localTransport(), name: `lb${index + 1}` });
    console.log(`A release over nodes that are watched for ${WATCH} s each\n`);
    let release = 1;
    const roll = (nodes, batch, way) => measure(lib, fleet.slice(0, nodes), batch, way, ++release);
    const alone = await roll(1, 1, local);
    console.log(`  one node: ${rounded(alone.seconds, 1)} s`);
    for (const [nodes, batch] of ROADS) {
      const road = await roll(nodes, batch, local);
      show(`${nodes} nodes, batches of ${batch}`, road, nodes, batch, alone);
    }
    const login = await startLogin(folder);
    try {
      const by = (index) =>
        lib.sshTransport(login.destination(fleet[index].address), { config: login.config });
      const { seconds, most, kept } = await roll(NODES, 25, by);
      // both ends of all connections work on the same cores, so that time says nothing
      console.log(`\n${NODES} nodes by ssh, batches of 25: ${rounded(seconds, 1)} s`);
      judge('  logins', String(login.logins()), login.logins() === NODES, String(NODES));
      judge('  nodes at the same time', String(most), most <= 25, '25 at most');
      judge('  nodes that serve the release', String(kept), kept === NODES, String(NODES));
    } finally {
      login.stop();
    }
  } finally {
    fleet.forEach(({ stop }) => stop());
    await sleep(500);
    rmSync(folder, { recursive: true, force: true });
  }
}

function show(title, { seconds, most, kept }, nodes, batch, alone) {
  const batches = 1 + Math.ceil((nodes - 1) / batch);
  const ratio = seconds / alone.seconds / batches;
  console.log(`\n${title}: ${rounded(seconds, 1)} s, ${batches} batches`);
  judge('  against one node, a batch', `${rounded(ratio, 1)}×`, ratio <= SHARED, `${SHARED}× at most`);
  judge('  nodes at the same time', String(most), most === batch, String(batch));
  judge('  nodes that serve the release', String(kept), kept === nodes, String(nodes));
}

/** Rolls a release out, and tells how long it took and how many nodes changed at the same time. */
async function measure({ rollOut, survey, targetsOf, closing }, fleet, batch, way, release) {
  const nodes = fleet.map(({ node }, index) => ({ ...node, transport: way(index) }));
  const working = new Set();
  let most = 0;
  const none = () => undefined;
  const watcher = {
    brings: none,
    note: none,
    progress: (node) => (most = Math.max(most, working.add(node).size)),
    settled: ({ node }) => working.delete(node),
  };
  const began = performance.now();
  const { nodes: reports } = await closing(nodes, async () => {
    const about = { author: 'bench', message: '', source: '' };
    const activation = { action: 'deploy', about, watch: WATCH, wait: 0 };
    const targets = targetsOf(await survey(nodes), ({ node }) => {
      const files = fleet[nodes.indexOf(node)].files(release);
      return { id: idOf(release), files, isThere: false, activation };
    });
    const limits = { batch, maxErrors: 0 };
    return rollOut(targets, { limits, pause: 0, watcher, signal: new AbortController().signal });
  });
  for (const { error } of reports) if (error) console.log(error.message, error.evidence);
  const kept = reports.filter(({ outcome }) => outcome === 'kept').length;
  return { seconds: (performance.now() - began) / 1000, most, kept };
}

/** What is measured has no place among the files of the package. */
async function bundle(folder) {
  const outfile = join(folder, 'rollout.mjs');
  const banner =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    stdin: { contents: SOURCE, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    loader: { '.sh': 'text' },
    banner: { js: banner },
  });
  return import(pathToFileURL(outfile).href);
}
