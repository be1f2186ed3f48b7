import { spawnSync } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { expect } from 'vitest';
import { freePort } from '../../../support/ports.ts';
import { until } from '../../../support/wait.ts';
import { startLoad } from './load.ts';
import { SCRIPT, startNode, type TestNode, variant } from './node.ts';

/** The script with `kill -9 $$` at some place, and where that is. */
export interface Killed {
  readonly place: string;
  readonly script: string;
}

/** What changes something on the node, or is a step of the work; with LBCTL_TEST_KILLS=all it is killed behind every line. */
const CHANGING =
  /\b(?:step|lead|put|mv|rm|mkdir|rmdir|ln|cp|touch|kill|durable|record|start_nginx|halt|reload|refresh|call|apply|certbot|put_in_place|put_back|timeout 60 sh)\b|esac \|\|/u;

/**
 * All ways to kill the script behind a command of some of its functions that changes something.
 * @param only lines of which this holds, where the others are not come by.
 * @param file of the script.
 */
export async function killedIn(
  functions: readonly string[],
  only: (line: string) => boolean = () => true,
  file = SCRIPT,
): Promise<Killed[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const found: Killed[] = [];
  let name = '';
  for (const [index, line] of lines.entries()) {
    name = /^([a-z_]+)\(\) \{/u.exec(line)?.[1] ?? name;
    if (!functions.includes(name) || /^\s*(?:#|$)/u.test(line) || !only(line)) continue;
    if (process.env['LBCTL_TEST_KILLS'] !== 'all' && !CHANGING.test(line)) continue;
    // what stands behind `|| {` is for what went wrong
    const [usual = ''] = line.split('|| {');
    const changes = [...usual.matchAll(/ && /gu)].map(
      ({ index: at }) => `${line.slice(0, at)} && kill -9 $$ && ${line.slice(at + 4)}`,
    );
    // the end of a function, and a command that goes on, have nothing behind them
    if (!/(?:\}|&&|\|\||break)$/u.test(line)) changes.unshift(`${line}\nkill -9 $$`);
    for (const changed of changes) {
      const script = lines.with(index, changed).join('\n');
      // between the lines of one command there is no place for another
      const { status } = spawnSync('sh', ['-n'], { input: script });
      if (status === 0) found.push({ place: `${index + 1}: ${changed.trim()}`, script });
    }
  }
  return found;
}

export interface KillOptions {
  readonly outcome?: 'kept' | 'undone';
  readonly system?: boolean;
  readonly prepare?: (node: TestNode) => Promise<unknown>;
  readonly keep?: number;
}

/**
 * Kills the script at each of some places, by turns in front of the same activation and of `recover`, which have to
 * finish what was begun: one of two releases serves at all times, and nothing is left over.
 * @param outcome what would have become of the release: it serves, or it does not and is taken back.
 * @param prepare what is done before each run that is killed.
 * @returns the places that no run came by.
 */
export async function killAt(
  places: readonly Killed[],
  { outcome = 'kept', system = false, prepare = async () => undefined, keep = 10 }: KillOptions = {},
): Promise<string[]> {
  const node = await startNode({ system });
  const ill = { manifest: [`listener tcp 127.0.0.1 ${await freePort()} 0 -`] };
  const load = startLoad(node.port, (body) => NAMES.has(body), { fresh: 1, kept: 1, pause: 10 });
  const missed: string[] = [];
  for (const [index, { place, script }] of places.entries()) {
    await prepare(node);
    const serving = await node.served();
    const wanted = outcome === 'undone' ? 'ill' : serving === 'a' ? 'b' : 'a';
    const verb = index % 2 === 0 ? 'activate' : 'recover';
    await node.add(wanted, outcome === 'undone' ? ill : {});
    const cut = await node.activate(wanted, {
      script: await variant(() => script),
      settings: { drained: 'one two', keep },
    });
    const seen = `${place}, then ${verb}`;
    if (cut.code !== null) missed.push(place);
    const told = await node.run(verb, { settings: { release: wanted, watch: 0, keep } });
    const now = await node.served();
    const link = await readlink(node.link).catch(() => 'before');
    const ends = outcome === 'undone' ? [serving] : verb === 'activate' ? [wanted] : [serving, wanted];
    expect({
      seen,
      lines: told.lines,
      code: told.code,
      stderr: told.stderr,
      link: link.replace(/^.*releases\//u, '').replace('/nginx.conf', ''),
      now: ends.includes(now) ? now : `${now} and not ${ends.join(' or ')}`,
    }).toEqual({
      seen,
      lines: told.lines,
      code: verb === 'recover' || outcome === 'kept' ? 0 : 10,
      stderr: '',
      link: now,
      now,
    });
    // what a killed run had begun beside it may take a moment longer
    await until(`nothing is left: ${seen}`, async () => (await node.leftovers()).length === 0, 2000);
  }
  const { sent, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(places.length * 10);
  return missed;
}

const NAMES = new Set(['a', 'b', 'ill', 'first', 'before']);
