import { nextCommands } from '../../lib/init/next.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Composed, Goal } from './compose.ts';
import { type Deed, deedOf } from './files.ts';
import type { Reached } from './reach.ts';

const DONE: Readonly<Record<Deed, string>> = {
  create: 'wrote',
  replace: 'replaced',
  add: 'added to',
  keep: 'left as it is:',
};

/** Tells which servers take connections, from here and now. */
export function tellReached(reached: readonly Reached[], terminal: Terminal): void {
  const { green, yellow, dim } = terminal.noteStyle;
  for (const { address, reachable, trouble } of reached)
    terminal.note(
      trouble === undefined
        ? `${green('✓')} ${visible(address)} takes connections from this machine`
        : `${reachable === undefined ? dim('·') : yellow('!')} ${visible(address)}: ${visible(trouble)}`,
    );
  if (reached.some(({ reachable }) => reachable === false))
    terminal.note(dim('  From this machine and now; that is no hindrance.'));
}

/** Tells what was written and how to go on. */
export function report(
  { answers, drafts }: Composed,
  { file }: Goal,
  reached: readonly Reached[],
  terminal: Terminal,
): void {
  const next = nextCommands(answers, file);
  if (terminal.json)
    return terminal.printJson({
      file,
      answers,
      files: drafts.map((draft) => ({ path: draft.name, action: deedOf(draft) })),
      servers: reached.map(({ address, reachable, trouble }) => ({
        address,
        reachable: reachable ?? null,
        trouble: trouble ?? null,
      })),
      next: next.map(([command]) => command),
    });
  const { green, bold, dim } = terminal.noteStyle;
  for (const draft of drafts) {
    const deed = deedOf(draft);
    const done = deed === 'keep' && draft.keeps ? 'the check is in place already:' : DONE[deed];
    terminal.note(`${green('✓')} ${done} ${visible(draft.name)}`);
  }
  terminal.note('\nNext:');
  const width = Math.max(...next.map(([command]) => command.length));
  for (const [command, does] of next) {
    const fits = width + does.length + 6 <= terminal.width;
    terminal.note(`  ${bold(fits ? command.padEnd(width) : command)}${fits ? `  ${dim(does)}` : ''}`);
  }
}
