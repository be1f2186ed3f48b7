import type { Captured, Limit } from './limits.ts';
import { type Characters, holds } from '../../regex/characters.ts';
import { canBe, escaped, type Source } from './variable-sources.ts';

/** Where (a part of) a value comes from in the end. */
export interface Origin {
  /** The variable that NGINX itself makes, without the dollar sign, in lower case. */
  readonly variable: string;
  /** Whether the client writes into it what it likes, within the characters that are possible. */
  readonly client: boolean;
  /** What it can hold, after all expressions and conditions on the way. */
  readonly characters: Characters;
  /** Whether it can hold a line feed: what was decoded can, what stood in a header or a request line cannot. */
  readonly lineBreaks: boolean;
  /** Whether a client can make it just that text. */
  readonly canBe: (text: string) => boolean;
  /** How many characters it has at most. */
  readonly longest: number;
  /** Whether it always starts with a slash, or is empty. */
  readonly isPath: boolean;
  /** The variables of the configuration on the way, outermost first: `$target` for `set $target $arg_to`. */
  readonly through: readonly string[];
}

/** One form that a value can have: texts, and what is put between them. */
export type Form = readonly (string | Origin)[];

/** An origin of a variable of NGINX. */
export function originOf(variable: string, through: readonly string[], source: Source): Origin {
  return {
    variable,
    client: source.client,
    characters: source.characters,
    lineBreaks: holds(source.characters, '\n'),
    canBe: (text) => canBe(source, text),
    isPath: source.isPath,
    longest: source.longest ?? Infinity,
    through,
  };
}

/** An origin of which more is known: it may be all of a form. */
export function limited(form: Form, limits: readonly Limit[]): Form {
  return form.map((piece, place) => {
    if (typeof piece === 'string') return piece;
    const characters = limits.reduce((set, limit) => set & limit.characters, piece.characters);
    const around = [form.slice(0, place), form.slice(place + 1)];
    const texts = around.map((pieces) =>
      pieces.some((one) => typeof one !== 'string') ? undefined : pieces.join(''),
    );
    const [before, behind] = texts;
    return originOf(piece.variable, piece.through, {
      client: piece.client,
      isPath: piece.isPath,
      longest: piece.longest,
      characters,
      allows: (text) =>
        piece.canBe(text) &&
        (before === undefined ||
          behind === undefined ||
          limits.every(({ allows }) => allows(before + text + behind))),
    });
  });
}

/** What a group takes of a value: any part of it, or its start. */
export function partOf(piece: Origin, limit: Captured, alone: boolean): Origin {
  const first = alone && limit.first;
  return originOf(piece.variable, piece.through, {
    client: piece.client,
    characters: piece.characters & limit.characters,
    isPath: (first && piece.isPath) || startsWithSlash(limit),
    longest: Math.min(piece.longest, limit.longest),
    allows: (text) => limit.allows(text) && (!first || piece.canBe(text)),
  });
}

/** A group such as `(/.*)?`, told by what it cannot take. */
function startsWithSlash({ allows }: Limit): boolean {
  return allows('/a') && !['a', '1', '-a', '.a', '@a', ':1'].some((text) => allows(text));
}

/** What NGINX makes of the groups in a value where it escapes them. */
export function withEscapes(piece: string | Origin): string | Origin {
  if (typeof piece === 'string' || !/^\$[1-9]$/u.test(piece.through[0] ?? '')) return piece;
  const { variable, client, isPath, longest, through, characters, canBe: allows } = piece;
  return originOf(variable, through, {
    client,
    isPath,
    longest: longest * 3,
    characters: escaped(characters),
    allows,
  });
}

/** A value as it is written, and what it is made of in the end. */
export function described({ variable, through }: Origin): string {
  const [written] = through;
  return written === undefined ? `$${variable}` : `${written}, which is made of $${variable},`;
}
