import { listed } from '../balancer/fault.ts';
import { nearest } from '../nearest.ts';
import type { Facts, Given, Question } from './question.ts';
import { beside } from './questions/beside.ts';
import { dns } from './questions/dns.ts';
import { fleet } from './questions/fleet.ts';
import { network } from './questions/network.ts';
import { pathQuestions } from './questions/paths.ts';
import { servers } from './questions/servers.ts';
import { web } from './questions/web.ts';
import { where } from './questions/where.ts';

/** Questions whose number does not depend on answers, before those about paths and behind them. */
const first: readonly Question[] = [...where, ...fleet, ...servers, ...network, ...web];
const last: readonly Question[] = [...dns, ...beside];

/** All that is asked, in its order. */
export function questionsFor(given: Given, facts: Facts): readonly Question[] {
  const all = [...first, ...pathQuestions(given), ...last];
  return all.filter((question) => question.asked(given, facts) || isWanted(question, given));
}

/** Flags answer what nobody would be asked for otherwise, such as the hook where there is no repository yet. */
function isWanted({ id, belongs }: Question, given: Given): boolean {
  return belongs === undefined && given[id] !== undefined;
}

/** What is wrong with an answer: none of those that there are, or what the question has against it. */
export function complaintAbout(question: Question, text: string, given: Given): string | undefined {
  const choices = question.choices?.(given).map(({ value }) => value);
  if (choices && !choices.includes(text)) {
    // the reason, where there is one
    const why = question.complaint(text, given);
    if (why !== undefined) return why;
    const close = nearest(text, choices);
    return `"${text}" must be ${listed(choices)}${close === undefined ? '' : `; did you mean ${close}?`}`;
  }
  return question.complaint(text, given);
}

/** The next thing to ask: what has no answer, or one that does not go with those before. Undefined at the end. */
export function nextQuestion(given: Given, facts: Facts): Question | undefined {
  return questionsFor(given, facts).find(({ id, ...question }) => {
    const text = given[id];
    return text === undefined || complaintAbout({ id, ...question }, text, given) !== undefined;
  });
}

/**
 * Answers that are given in vain, as nobody asks for them in view of the others.
 * @param given all answers.
 */
export function idle(flagged: Given, facts: Facts, given: Given): readonly Question[] {
  const asked = new Set(questionsFor(given, facts).map(({ id }) => id));
  const vain = [...first, ...last].filter(({ id }) => flagged[id] !== undefined && !asked.has(id));
  // a flag may answer another question elsewhere
  return vain.filter(({ id }, index) => vain.findIndex((other) => other.id === id) === index);
}
