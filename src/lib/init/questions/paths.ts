import { rate, serverAddress } from '../../balancer/schema/values.ts';
import type { Given, Question } from '../question.ts';
import { complaintOf, listComplaint, wordsOf } from '../words.ts';
import { portless } from './servers.ts';

/** Places of the paths that there are answers about, from 1 on, and of one more. */
function placesIn(given: Given): number[] {
  let place = 1;
  while (given[`path.${place}`]) place++;
  return Array.from({ length: place }, (_, index) => index + 1);
}

/** What is asked about paths: as long as one is named, there may be another. */
export function pathQuestions(given: Given): readonly Question[] {
  return placesIn(given).flatMap((place) => questionsOf(`path.${place}`, place));
}

function questionsOf(id: string, place: number): Question[] {
  const isThere = (given: Given): boolean => Boolean(given[id]);
  return [
    {
      id,
      ask: place === 1 ? 'A path with limits or servers of its own?' : 'Another such path?',
      ...(place === 1
        ? { about: 'Such as /api/, which stands for all that begins with it. Enter alone: none.' }
        : {}),
      asked: () => true,
      byDefault: () => '',
      complaint: (text, given) => pathComplaint(text, id, given),
    },
    {
      id: `${id}.rate`,
      ask: 'How many requests may one client make?',
      about: 'Such as 20r/s, or 300r/m for a minute; those above it are refused. Enter alone: no limit.',
      asked: isThere,
      byDefault: () => '',
      complaint: (text) => (text === '' ? undefined : complaintOf(rate, text)),
    },
    {
      id: `${id}.servers`,
      ask: 'Has it servers of its own?',
      about: 'By address and port. Enter alone: the same as all else.',
      asked: isThere,
      byDefault: () => '',
      complaint: (text) => listComplaint(serverAddress, text) ?? portless(wordsOf(text)),
    },
  ];
}

/** A path as it may stand in lb.yaml without any sign of NGINX's that means more. */
const PATH = /^\/[A-Za-z0-9._~/-]*$/u;

function pathComplaint(text: string, id: string, given: Given): string | undefined {
  if (text === '') return undefined;
  if (!PATH.test(text)) return `"${text}" must be a path such as /api/`;
  if (text === '/') return '/ stands for all else, which is served anyway';
  if (text.startsWith('/.well-known/acme-challenge')) return 'the authority asks there for answers (acme)';
  const others = Object.keys(given).filter((key) => /^path\.\d+$/u.test(key) && key !== id);
  return others.some((other) => given[other] === text) ? `${text} is there already` : undefined;
}

/**
 * The answers that flags give about paths, such as `/api/=20r/s,10.0.0.21:9000`: servers have a colon, with the port
 * or as unix:.
 */
export function givenByPathFlags(values: readonly string[]): Given {
  const given: Record<string, string> = {};
  for (const [index, value] of values.entries()) {
    const [path = '', ...rest] = value.split('=');
    const words = wordsOf(rest.join('='));
    const isRate = (word: string): boolean => !word.includes(':');
    const id = `path.${index + 1}`;
    given[id] = path;
    given[`${id}.rate`] = words.filter(isRate).join(' ');
    given[`${id}.servers`] = words.filter((word) => !isRate(word)).join(' ');
  }
  // whoever names some by flags has named all
  return values.length === 0 ? given : { ...given, [`path.${values.length + 1}`]: '' };
}
