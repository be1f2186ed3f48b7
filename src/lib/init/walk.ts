import { complaintAbout, questionsFor } from './questions.ts';
import type { Facts, Given, Question } from './question.ts';

/** How far somebody has come through the questions. */
export interface Walk {
  readonly given: Given;
  /** What was answered before it was gone back to, as the beginning of another answer. */
  readonly drafts: Given;
  /** Questions that were answered on the way, the last one at the end. */
  readonly trail: readonly string[];
}

export function answered({ given, drafts, trail }: Walk, id: string, text: string): Walk {
  return {
    given: { ...given, [id]: text },
    drafts: { ...drafts, [id]: text },
    trail: [...trail.filter((other) => other !== id), id],
  };
}

/** Before the last answer; where nothing has been answered, the same. */
export function back(walk: Walk): Walk {
  const last = walk.trail.at(-1);
  return last === undefined ? walk : reopened(walk, last);
}

/** As if one answer had not been given. */
export function reopened({ given, drafts, trail }: Walk, id: string): Walk {
  const { [id]: before, ...rest } = given;
  return {
    given: rest,
    drafts: before === undefined ? drafts : { ...drafts, [id]: before },
    trail: trail.filter((other) => other !== id),
  };
}

/** What could not be settled without asking. */
export interface Unsettled {
  readonly question: Question;
  /** What is wrong with the answer; undefined where there is none. */
  readonly complaint: string | undefined;
}

/** All questions answered by what is given and by defaults, and what is left. */
export function settled(
  from: Given,
  facts: Facts,
): { readonly given: Given; readonly left: readonly Unsettled[] } {
  const left: Unsettled[] = [];
  const given: Record<string, string> = { ...from };
  const isLeft = ({ id }: Question): boolean => left.some(({ question }) => question.id === id);
  for (;;) {
    const question = questionsFor(given, facts).find(
      (one) =>
        !isLeft(one) &&
        (given[one.id] === undefined || complaintAbout(one, given[one.id]!, given) !== undefined),
    );
    if (question === undefined) return { given, left };
    const text = given[question.id];
    const byDefault = text ?? question.byDefault?.(given, facts);
    const complaint = byDefault === undefined ? undefined : complaintAbout(question, byDefault, given);
    if (text !== undefined || byDefault === undefined || complaint !== undefined)
      left.push({ question, complaint: text === undefined ? undefined : complaint });
    // later questions go on from what was meant
    given[question.id] = byDefault ?? '';
  }
}
