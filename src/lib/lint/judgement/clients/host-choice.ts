import type { Form, Origin } from '../../model/values/origins.ts';

/** A name that nobody but an attacker has. */
const ELSEWHERE = 'attacker.test';

/** The part of an address by which a client chooses the host. */
export interface Choice {
  readonly origin: Origin;
  /** What it would write there. */
  readonly text: string;
}

/** Who reads the address: browsers know `user@host`, NGINX does not. */
type Reader = 'browser' | 'nginx';

/**
 * Who chooses the host in an address such as `http://$name:8080/path`: the first value that a client can make another
 * host of.
 * @param counts which values are looked at.
 */
export function hostChoice(
  form: Form,
  reader: Reader,
  counts: (origin: Origin) => boolean,
): Choice | undefined {
  let before = '';
  for (const [place, piece] of form.entries()) {
    if (endsHost(before)) return undefined;
    if (typeof piece === 'string') {
      before += piece;
      continue;
    }
    const text = piece.client && counts(piece) ? choice(piece, before, form[place + 1], reader) : undefined;
    if (text !== undefined) return { origin: piece, text };
    if (endsName(piece)) return undefined;
    before += STANDS_FOR[piece.variable] ?? 'x';
  }
  return undefined;
}

/** Whether a value is always a path, or a question mark. */
function endsName({ variable, isPath }: Origin): boolean {
  return variable === 'is_args' || isPath;
}

/** What is put in the place of values that the client does not choose; others are some text. */
const STANDS_FOR: Readonly<Record<string, string>> = { scheme: 'http' };

function endsHost(before: string): boolean {
  const host = before.replace(/^\w+:\/\//u, '');
  return /[/?#]/u.test(host) || host.startsWith('unix:');
}

/** What a client would write to lead elsewhere. */
function choice(
  origin: Origin,
  before: string,
  behind: string | Origin | undefined,
  reader: Reader,
): string | undefined {
  const free =
    behind === undefined || (typeof behind === 'string' ? /^[:/?#]/u.test(behind) : endsName(behind));
  // where a text follows that belongs to the host, it is made a path
  const end = free ? '' : '/';
  return candidates(before, reader === 'browser')
    .map((text) => `${text}${end}`)
    .find((text) => origin.canBe(text));
}

function candidates(before: string, browser: boolean): string[] {
  if (before === '') {
    const addresses = [`http://${ELSEWHERE}/`, `https://${ELSEWHERE}/`];
    // a browser takes a host without a scheme for a path
    return browser ? addresses : [ELSEWHERE, '10.0.0.1', ...addresses];
  }
  if (/^\w+:\/\/$/u.test(before)) return [ELSEWHERE, '10.0.0.1'];
  const behindAt = browser ? [`@${ELSEWHERE}`] : [];
  if (/(?:\]|:\d*)$/u.test(before)) return behindAt;
  return [`.${ELSEWHERE}`, `x.${ELSEWHERE}`, ...behindAt];
}
