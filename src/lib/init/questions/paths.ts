import { rate, serverAddress } from '../../balancer/schema/values.ts';
import type { Given, Question } from '../question.ts';
import { complaintOf, listComplaint, wordsOf } from '../words.ts';
import { serverComplaint } from './servers.ts';

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
        ? {
            about:
              'Such as /api/, which stands for all that begins with it, or at once /api/=20r/s. Enter alone: none.',
          }
        : {}),
      asked: () => true,
      byDefault: () => '',
      parts: (text) => (text.includes('=') ? partsOf(id, text) : { [id]: text }),
      complaint: (text, given) => wholeComplaint(text, id, given),
    },
    {
      id: `${id}.rate`,
      ask: 'How many requests may one client make?',
      about: 'Such as 20r/s, or 300r/m for a minute; those above it are refused. Enter alone: no limit.',
      asked: isThere,
      byDefault: () => '',
      complaint: rateComplaint,
    },
    {
      id: `${id}.servers`,
      ask: 'Has it servers of its own?',
      about: 'By address and port. Enter alone: the same as all else.',
      asked: isThere,
      byDefault: () => '',
      complaint: serversComplaint,
    },
  ];
}

/** A path as it may stand in lb.yaml without any sign of NGINX's that means more. */
const PATH = /^\/[A-Za-z0-9._~/-]*$/u;

function rateComplaint(text: string): string | undefined {
  return text === '' ? undefined : complaintOf(rate, text);
}

function serversComplaint(text: string, given: Given): string | undefined {
  return listComplaint(serverAddress, text) ?? serverComplaint(wordsOf(text), given);
}

/** What is wrong with a path, or with what stands behind it. */
function wholeComplaint(text: string, id: string, given: Given): string | undefined {
  const parts = partsOf(id, text);
  return (
    pathComplaint(parts[id]!, id, given) ??
    rateComplaint(parts[`${id}.rate`]!) ??
    serversComplaint(parts[`${id}.servers`]!, given)
  );
}

function pathComplaint(text: string, id: string, given: Given): string | undefined {
  if (text === '') return undefined;
  if (!PATH.test(text)) {
    const meant = text.replace(/\s+/u, '=');
    const isClear = meant !== text && wholeComplaint(meant, id, given) === undefined;
    return `"${text}" must be a path such as /api/${isClear ? `; did you mean ${meant}?` : ''}`;
  }
  if (text === '/') return '/ stands for all else, which is served anyway';
  if (text.startsWith('/.well-known/acme-challenge')) return 'the authority asks there for answers (acme)';
  const others = Object.keys(given).filter((key) => /^path\.\d+$/u.test(key) && key !== id);
  return others.some((other) => given[other] === text) ? `${text} is there already` : undefined;
}

/** The answers in `/api/=20r/s,10.0.0.21:9000`: servers have a colon, with the port or as unix:. */
function partsOf(id: string, text: string): Given {
  const [path = '', ...rest] = text.split('=');
  const words = wordsOf(rest.join('='));
  const isRate = (word: string): boolean => !word.includes(':');
  return {
    [id]: path.trim(),
    [`${id}.rate`]: words.filter(isRate).join(' '),
    [`${id}.servers`]: words.filter((word) => !isRate(word)).join(' '),
  };
}

/** The answers that flags give about paths. */
export function givenByPathFlags(values: readonly string[]): Given {
  const given: Given = Object.assign(
    {},
    ...values.map((value, index) => partsOf(`path.${index + 1}`, value)),
  );
  // whoever names some by flags has named all
  return values.length === 0 ? given : { ...given, [`path.${values.length + 1}`]: '' };
}
