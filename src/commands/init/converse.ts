import type { Facts, Given, Question } from '../../lib/init/question.ts';
import { complaintAbout, nextQuestion } from '../../lib/init/questions.ts';
import { answered, back, reopened, type Walk } from '../../lib/init/walk.ts';
import { ask } from '../../lib/ui/questions.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';
import { wrap } from '../../lib/ui/wrap.ts';

/** What becomes known on the way. */
export interface Company {
  /** What is known by now. */
  facts(): Facts;
  /** Told what is going to be asked: looks at what may help. */
  before(id: string, given: Given): Promise<void>;
  /** Told of each answer: looks at what it leads to, and says so. */
  heard(id: string, given: Given): Promise<void>;
}

/** Stands for an answer that is none of the suggested ones. */
const OTHER = '\u0000other';

/** Asks what is not answered yet, back and forward, until all is. */
export async function converse(from: Walk, terminal: Terminal, company: Company): Promise<Walk> {
  let walk = from;
  for (;;) {
    const coming = nextQuestion(walk.given, company.facts());
    if (coming === undefined) return walk;
    await company.before(coming.id, walk.given);
    // what has been seen may bring another question first
    const facts = company.facts();
    const question = nextQuestion(walk.given, facts) ?? coming;
    const { id } = question;
    const before = walk.given[id];
    if (before !== undefined) {
      // a flag, or an answer that does not go with one that was changed since
      warn(complaintAbout(question, before, walk.given)!, terminal);
      walk = reopened(walk, id);
    }
    const text = await askOne(question, walk, facts, terminal);
    if (text === undefined) {
      walk = back(walk);
      continue;
    }
    const complaint = complaintAbout(question, text, walk.given);
    if (complaint === undefined) {
      for (const [part, said] of Object.entries(question.parts?.(text) ?? { [id]: text })) {
        walk = answered(walk, part, said);
        await company.heard(part, walk.given);
      }
    } else warn(complaint, terminal);
  }
}

async function askOne(
  question: Question,
  { given, drafts }: Walk,
  facts: Facts,
  terminal: Terminal,
): Promise<string | undefined> {
  const { id, ask: message } = question;
  const draft = drafts[id];
  const byDefault = draft ?? question.byDefault?.(given, facts);
  if (question.about !== undefined)
    for (const line of wrap(question.about, terminal.noteColumns - 1, '  '))
      terminal.note(terminal.noteStyle.dim(line));
  const choices = question.choices?.(given);
  const complaint = (text: string): string | undefined => complaintAbout(question, text, given);
  const suggested = question.suggestions?.(facts, given) ?? [];
  if (choices || suggested.length > 0) {
    const others = choices
      ? []
      : [
          ...(question.byDefault?.({}, facts) === '' ? [{ value: '', name: 'none' }] : []),
          { value: OTHER, name: 'something else' },
        ];
    const names = (choices ?? suggested).map(({ value, label, shown = value }) => ({
      value,
      name: label === '' ? shown : `${shown}: ${label}`,
    }));
    const isKnown = [...names, ...others].some(({ value }) => value === byDefault);
    const chosen = await ask(
      {
        message,
        choices: [...names, ...others],
        byDefault: byDefault === undefined || isKnown ? byDefault : OTHER,
        editable: false,
        complaint,
      },
      terminal,
    );
    if (chosen !== OTHER) return chosen;
  }
  const editable = draft !== undefined && draft !== '';
  return ask({ message, byDefault, editable, complaint }, terminal);
}

/** Tells of something that wants a look. */
export function warn(complaint: string, terminal: Terminal): void {
  const [first = '', ...more] = wrap(complaint, terminal.width - 3);
  terminal.note(`${terminal.noteStyle.yellow('!')} ${first}`);
  for (const line of more) terminal.note(`  ${line}`);
}
