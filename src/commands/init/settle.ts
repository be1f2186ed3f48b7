import { UserError } from '../../lib/errors.ts';
import { answerFlags } from '../../lib/init/flags.ts';
import type { Facts, Given, Question } from '../../lib/init/question.ts';
import { idle } from '../../lib/init/questions.ts';
import { settled, type Unsettled } from '../../lib/init/walk.ts';

/**
 * All answers, of flags and of defaults, without asking anybody.
 * @throws UserError `usage` that names the flags where one is missing or wrong.
 */
export function settle(flagged: Given, facts: Facts): Given {
  const { given, left } = settled(flagged, facts);
  const wrong = left.flatMap((one) => (one.complaint === undefined ? [] : [wrongLine(one)]));
  if (wrong.length > 0)
    throw new UserError('usage', 'wrong-answer', headOf(wrong, 'answers are wrong'), {
      evidence: wrong.length === 1 ? [] : wrong,
      hint: 'lbctl init --help tells what each can be',
    });
  const missing = left.map(({ question }) => missingLine(question));
  if (missing.length > 0)
    throw new UserError(
      'usage',
      'missing-answer',
      headOf(
        missing.map((line) => line.replace(':', ' is missing:')),
        'answers are missing',
      ),
      {
        evidence: missing.length === 1 ? [] : missing,
        hint: 'give them by these flags, or run lbctl init on a terminal, where it asks',
      },
    );
  const [vain] = idle(flagged, facts, given);
  if (vain) throw new UserError('usage', 'idle-answer', vainLine(vain), { hint: 'take it out' });
  return given;
}

export function vainLine({ id, belongs }: Question): string {
  return `--${id} says something with ${belongs} alone`;
}

function headOf(lines: readonly string[], many: string): string {
  return lines.length === 1 ? lines[0]! : `${lines.length} ${many}`;
}

function wrongLine({ question, complaint }: Unsettled): string {
  return `${flagOf(question).flags.split(' ')[0]}: ${complaint}`;
}

function missingLine(question: Question): string {
  const { flags, summary } = flagOf(question);
  return `${flags}: ${summary}`;
}

/** The flag that answers a question; those about paths have one together. */
function flagOf({ id }: Question): (typeof answerFlags)[number] {
  const [name] = id.split('.');
  return answerFlags.find(({ flags }) => flags.slice(2).split(' ')[0] === name)!;
}
