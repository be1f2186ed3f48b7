import { readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../support/ports.ts';
import { processesOf } from '../../../support/processes.ts';
import { isRunning } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { type Killed, killedIn } from './kill.ts';
import { startNode, type TestNode, variant } from './node.ts';

interface Case {
  /** What the node had before, without an NGINX that runs. */
  readonly before: 'nothing' | 'a release';
  /** What would have become of the release. */
  readonly outcome: 'kept' | 'undone';
}

/** The node as it was: an NGINX that was killed, and the link or none. */
async function reset(node: TestNode, before: Case['before']): Promise<void> {
  const home = join(node.log, '..');
  await until(
    'NGINX has ended',
    async () => {
      const pids = await processesOf(home);
      // some end with others
      for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL');
      return pids.length === 0;
    },
    20_000,
  );
  await rm(node.link, { force: true });
  if (before === 'a release') await symlink('releases/first', node.link);
}

/**
 * Kills the script at each of some places, by turns in front of the same activation and of `recover`, which have to
 * finish what was begun: the release serves, or what was before, or nothing is left of it.
 * @returns the places that no run came by.
 */
async function killAtStart(places: readonly Killed[], { before, outcome }: Case): Promise<string[]> {
  const node = await startNode();
  await node.add('well');
  await node.add('ill', { manifest: [`listener tcp 127.0.0.1 ${await freePort()} 0 -`] });
  const wanted = outcome === 'kept' ? 'well' : 'ill';
  const back = before === 'nothing' ? 'nothing' : 'first';
  const missed: string[] = [];
  for (const [index, { place, script }] of places.entries()) {
    await reset(node, before);
    const settings = { release: wanted, watch: 0, begin: 'yes' };
    const cut = await node.activate(wanted, { script: await variant(() => script), settings });
    if (cut.code !== null) missed.push(place);
    const verb = index % 2 === 0 ? 'activate' : 'recover';
    const told = await node.run(verb, { settings });
    const running = (await processesOf(join(node.log, '..'))).length > 0;
    const link = await readlink(node.link).catch(() => 'nothing');
    const now = running ? await node.served() : 'nothing';
    const ends = outcome === 'undone' ? [back] : verb === 'activate' ? [wanted] : [back, wanted];
    // killed in front of the switch, there was nothing to take back, nor to start
    const resting = verb === 'recover' && !running && link.endsWith(back);
    expect({
      seen: `${place}, then ${verb}`,
      lines: told.lines,
      code: told.code,
      stderr: told.stderr,
      link: link.replace('releases/', ''),
      now: ends.includes(now) || resting ? now : `${now} and not ${ends.join(' or ')}`,
    }).toEqual({
      seen: `${place}, then ${verb}`,
      lines: told.lines,
      code: verb === 'recover' || outcome === 'kept' ? 0 : 10,
      stderr: '',
      link: resting ? back : now,
      now,
    });
    await until(`nothing is left: ${place}`, async () => (await node.leftovers()).length === 0, 2000);
  }
  return missed;
}

describe.skipIf(without('nginx', 'curl'))('killed while it starts NGINX', () => {
  /** Behind the end of a function there is nothing. */
  const starting = async (): Promise<Killed[]> =>
    (await killedIn(['activate', 'start_nginx'], usual)).filter(
      ({ place }) => !place.includes('return "$1"\n'),
    );
  const usual = (line: string): boolean =>
    !/before\b|reloading|applying|HUP|refuse|mv -fT "\$link.lbctl" "\$link" ;;$|-\) rm|orphans/u.test(line) ||
    /switching|checking/u.test(line);

  test('where nothing was before', async () => {
    const places = await starting();
    expect(await killAtStart(places, { before: 'nothing', outcome: 'kept' })).toEqual([]);
  }, 300_000);

  test('where a release was before', async () => {
    const places = await starting();
    expect(await killAtStart(places, { before: 'a release', outcome: 'kept' })).toEqual([]);
  }, 300_000);

  test('and takes back what nothing was before, NGINX included', async () => {
    const places = await killedIn(
      ['take_back', 'undo', 'halt'],
      (line) => !/start_nginx|reload|stuck/u.test(line) || /halting|halt \|\|/u.test(line),
    );
    expect(await killAtStart(places, { before: 'nothing', outcome: 'undone' })).toEqual([]);
  }, 300_000);

  test('and takes back to a release', async () => {
    const places = await killedIn(['take_back', 'undo'], (line) => !/start_nginx|halt|stuck/u.test(line));
    expect(await killAtStart(places, { before: 'a release', outcome: 'undone' })).toEqual([]);
  }, 300_000);
});
