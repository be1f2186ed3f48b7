import { existsSync } from 'node:fs';
import { Aborted, InvalidInput, UserError } from '../../lib/errors.ts';
import type { Facts, Given } from '../../lib/init/question.ts';
import { idle, questionsFor } from '../../lib/init/questions.ts';
import { back, reopened, type Walk } from '../../lib/init/walk.ts';
import { wordsOf } from '../../lib/init/words.ts';
import { paintDiff } from '../../lib/ui/diff.ts';
import { renderError } from '../../lib/ui/errors.ts';
import { askYesOrNo } from '../../lib/ui/prompts.ts';
import { ask } from '../../lib/ui/questions.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';
import { visible, visibleLines } from '../../lib/ui/visible.ts';
import { wrap } from '../../lib/ui/wrap.ts';
import type { Invocation, Outcome } from '../command.ts';
import { compose, type Composed, type Goal, isMissing } from './compose.ts';
import { converse, warn } from './converse.ts';
import { deedOf, diffOf, write } from './files.ts';
import { lookingAround } from './looking.ts';
import { type Reached, reachAll } from './reach.ts';
import { report, tellReached } from './report.ts';
import { vainLine } from './settle.ts';
import { tellPlan } from './tell-plan.ts';

interface Start {
  readonly goal: Goal;
  readonly flagged: Given;
  readonly facts: Facts;
}

const HELP = 'Enter takes what is shown, Esc goes back, Ctrl-C ends it. Nothing is written before the end.';
const THERE = 'is there already; what would change is shown at the end, and you are asked.';

/** Asks, shows what comes of the answers, and writes it when that is wanted. */
export async function wizard(invocation: Invocation, { goal, flagged, facts }: Start): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const { dim, bold } = terminal.noteStyle;
  terminal.note(bold(`A load balancer in ${goal.file}`));
  for (const line of wrap(HELP, terminal.noteColumns - 1)) terminal.note(dim(line));
  if (existsSync(goal.path)) warn(`${visible(goal.file)} ${THERE}`, terminal);
  terminal.note('');
  let reached: readonly Reached[] = [];
  const company = {
    ...lookingAround(facts, env, terminal),
    async heard(id: string, given: Given) {
      if (id === 'certificate' || id === 'key') return tellFile(given[id]!, goal, terminal);
      if (id !== 'server' && !id.endsWith('.servers')) return;
      const tried = await reachAll(wordsOf(given[id]), given);
      tellReached(tried, terminal);
      reached = [...reached.filter(({ address }) => !tried.some((one) => one.address === address)), ...tried];
    },
  };
  let walk: Walk = { given: flagged, drafts: {}, trail: [] };
  for (;;) {
    walk = await converse(walk, terminal, company);
    for (const vain of idle(flagged, company.facts(), walk.given))
      terminal.note(`${terminal.noteStyle.yellow('!')} ${vainLine(vain)}, and is left out`);
    const composed = await composedOr(walk, company.facts(), goal, terminal);
    if (composed) {
      terminal.quote(`\n${shown(composed.text, terminal)}`);
      await tellPlan(invocation, composed, company.isOnAws());
    }
    const next = await choose(
      composed ? 'Is this right?' : 'What now?',
      [
        ...(composed ? [{ value: 'write', name: `yes, write ${goal.file}` }] : []),
        { value: 'change', name: 'change an answer' },
        { value: 'stop', name: 'stop, and write nothing' },
      ],
      terminal,
    );
    if (next === 'stop') throw new Aborted('nothing was written');
    if (next === 'write' && composed) {
      await allow(composed, options['replace'] === true, terminal);
      await write(composed.drafts);
      report(composed, goal, reached, terminal);
      return 0;
    }
    walk = next === undefined ? back(walk) : await changed(walk, company.facts(), terminal);
  }
}

/** Tells of a file that travels along and is not there, before all else has been asked. */
function tellFile(file: string, { folder }: Goal, terminal: Terminal): void {
  if (isMissing(file, folder)) warn(`there is no file ${visible(file)} yet`, terminal);
}

/** What answers make; where that is not accepted, as a file is not there, it is told. */
async function composedOr(
  { given }: Walk,
  facts: Facts,
  goal: Goal,
  terminal: Terminal,
): Promise<Composed | undefined> {
  try {
    return await compose(given, facts, goal);
  } catch (error) {
    if (!(error instanceof InvalidInput || error instanceof UserError)) throw error;
    terminal.note(renderError(error, terminal.noteStyle, false, terminal.noteColumns));
    return undefined;
  }
}

/** Asks which answer is to be another, and opens it again. */
async function changed(walk: Walk, facts: Facts, terminal: Terminal): Promise<Walk> {
  const choices = questionsFor(walk.given, facts).map(({ id, ask: question }) => ({
    value: id,
    name: `${question} ${walk.given[id] || 'none'}`,
  }));
  const id = await choose('Which one?', choices, terminal);
  return id === undefined ? walk : reopened(walk, id);
}

/** One of several; undefined is back. */
function choose(
  message: string,
  choices: readonly { readonly value: string; readonly name: string }[],
  terminal: Terminal,
): Promise<string | undefined> {
  const prompt = { message, choices, byDefault: undefined, editable: false, complaint: () => undefined };
  return ask(prompt, terminal);
}

/** Shows what would be lost of files that are there, and asks. */
async function allow({ drafts }: Composed, replace: boolean, terminal: Terminal): Promise<void> {
  for (const draft of drafts) {
    const deed = deedOf(draft);
    if (deed !== 'add' && deed !== 'replace') continue;
    terminal.quote(paintDiff(visibleLines(diffOf(draft)), terminal.noteStyle));
    if (deed === 'replace' && replace) continue;
    const question =
      deed === 'add' ? `Add this to ${draft.name}?` : `Replace the ${draft.name} that is there?`;
    if (!(await askYesOrNo(question, terminal))) throw new Aborted('nothing was written');
  }
}

/** lb.yaml with its comments in the background. */
function shown(text: string, { noteStyle }: Terminal): string {
  return visibleLines(text).replaceAll(/(?<=^|\s)#.*$/gmu, (comment) => noteStyle.dim(comment));
}
