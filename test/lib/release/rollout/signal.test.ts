import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/folder.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { FIRST, type FleetNode, SECOND, startFleet } from './fleet.ts';

/** A roll-out as commands make it, over the nodes of a file, in a process of its own that signals can be sent to. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { rollOut } from './src/lib/release/rollout/roll-out.ts';
import { closing, survey } from './src/lib/release/rollout/survey.ts';
import { targetsOf } from './src/lib/release/rollout/target.ts';
import { localTransport } from './src/lib/release/transports/local.ts';
import { renderReports } from './src/lib/ui/fleet-report.ts';
import { showRollout } from './src/lib/ui/fleet.ts';
import { interruptible } from './src/lib/ui/interruption.ts';
import { createTerminal } from './src/lib/ui/terminal.ts';

const { batch, watch, nodes } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const streams = { stdin: () => process.stdin, stdout: () => process.stdout, stderr: () => process.stderr };
const terminal = await createTerminal({ ...streams, env: {}, json: false, color: false });
const all = nodes.map(({ name, node, files }) => ({ node: { ...node, transport: { ...localTransport(), name } }, files }));
const surveyed = await survey(all.map(({ node }) => node));
const targets = targetsOf(surveyed, ({ node }) => {
  const files = all.find((one) => one.node === node).files.map((file) => ({ ...file, content: Buffer.from(file.content) }));
  const about = { author: 'ann@desk', message: '', source: '' };
  return { id: '${SECOND}', files, isThere: false, activation: { action: 'deploy', about, watch, wait: 0 } };
});
const watcher = showRollout(terminal, undefined, nodes.map(({ name }) => name));
const tell = () => watcher.note({ kind: 'warn', text: 'no more is begun' });
const settings = { limits: { batch, maxErrors: 0 }, pause: 0, watcher };
const rolled = await interruptible(tell, (signal) => rollOut(targets, { ...settings, signal }));
watcher.end();
await Promise.all(all.map(({ node }) => node.transport.close()));
terminal.note(renderReports(rolled.nodes, terminal.noteStyle));
process.exitCode = { done: 0, failed: 3, interrupted: 130 }[rolled.verdict];
`;

interface Running {
  readonly child: ChildProcess;
  reached(words: string): Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; text: string }>;
}

describe.skipIf(without('nginx', 'curl'))('a roll-out that is told to stop', { timeout: 60_000 }, () => {
  let program: string;
  beforeAll(async () => {
    program = join(await temporaryFolder(), 'program.mjs');
    await build({
      stdin: { contents: PROGRAM, resolveDir: join(import.meta.dirname, '../../../..'), loader: 'ts' },
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['ora', 'inquirer', 'chalk'],
      loader: { '.sh': 'text' },
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
  });

  async function start(fleet: readonly FleetNode[], watch = 0): Promise<Running> {
    const file = join(await temporaryFolder(), 'nodes.json');
    const nodes = fleet.map(({ name, node, files }) => ({
      name,
      node: { ...node, transport: undefined },
      files: files(SECOND).map((one) => ({ ...one, content: Buffer.from(one.content).toString() })),
    }));
    await writeFile(file, JSON.stringify({ batch: 1, watch, nodes }));
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'inherit', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (more: string) => (text += more));
    return {
      child,
      reached: async (words) => void (await until(words, () => text.includes(words), 15_000)),
      ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, text }))),
    };
  }

  const served = (fleet: readonly FleetNode[]) => Promise.all(fleet.map((one) => one.served()));

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s lets the node in work finish; the next run goes on',
    async (name) => {
      const fleet = await startFleet(3);
      const run = await start(fleet);
      await run.reached(`lb2: NGINX checks`);
      run.child.kill(name);
      const { code, text } = await run.ended;
      expect(code).toBe(130);
      expect(text).toContain(`✓ serves ${SECOND}: lb1, lb2\n· not begun, serves ${FIRST}: lb3`);
      expect(await served(fleet)).toEqual([SECOND, SECOND, FIRST]);
      const again = await (await start(fleet)).ended;
      expect(again.code).toBe(0);
      expect(again.text).not.toContain('lb1: NGINX');
      expect(await served(fleet)).toEqual([SECOND, SECOND, SECOND]);
    },
  );

  it('a second one leaves at once, and the node finishes by itself', async () => {
    const fleet = await startFleet(2);
    const run = await start(fleet, 2);
    await run.reached('lb1: the release is watched');
    run.child.kill('SIGINT');
    await run.reached('no more is begun');
    run.child.kill('SIGINT');
    expect((await run.ended).signal).toBe('SIGINT');
    expect(await fleet[0]!.history()).toEqual([]);
    await until('the node is done', async () => (await fleet[0]!.history()).length > 0, 10_000);
    expect(await fleet[0]!.history()).toEqual([`deploy ${SECOND} kept`]);
    expect((await (await start(fleet)).ended).code).toBe(0);
    expect(await served(fleet)).toEqual([SECOND, SECOND]);
  });
});
