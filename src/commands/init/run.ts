import { dirname, resolve } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import { givenByFlags } from '../../lib/init/given.ts';
import { balancerFile } from '../../lib/source/load.ts';
import type { Invocation, Outcome } from '../command.ts';
import { compose, type Goal, serversOf } from './compose.ts';
import { deedOf, diffOf, write } from './files.ts';
import { reachAll } from './reach.ts';
import { report, tellReached } from './report.ts';
import { settle } from './settle.ts';
import { surroundings } from './surroundings.ts';

/**
 * `--json`: `{schemaVersion, file, answers, files: [{path, action}], servers: [{address, reachable, trouble}], next}`;
 * `action` is create, replace, add or keep, and `reachable` null where a server is not tried. It asks nothing then, as with `--yes`.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, cwd, env } = invocation;
  const file = balancerFile(invocation);
  const path = resolve(cwd, file);
  const goal: Goal = { file, path, folder: dirname(path) };
  const flagged = givenByFlags(invocation);
  const facts = surroundings(goal.folder, env);
  if (terminal.interactive && !terminal.json && options['yes'] !== true) {
    const { wizard } = await import('./wizard.ts');
    return wizard(invocation, { goal, flagged, facts });
  }
  const given = settle(flagged, facts);
  const composed = await compose(given, facts, goal);
  const { answers, drafts } = composed;
  const replaced = drafts.filter((draft) => deedOf(draft) === 'replace');
  if (replaced.length > 0 && options['replace'] !== true)
    throw new UserError('input', 'would-replace', `there is another ${file}`, {
      evidence: replaced.flatMap((draft) => diffOf(draft).trimEnd().split('\n')),
      hint: '--replace has it replaced; --file OTHER.yaml writes another one beside it',
    });
  const reached = await reachAll(serversOf(answers), given);
  if (!terminal.json) tellReached(reached, terminal);
  await write(drafts);
  report(composed, goal, reached, terminal);
  return 0;
}
