import type { SyntaxProblem } from './tree.ts';

/** Size of the buffer that NGINX reads a file through (NGX_CONF_BUFFER); a word or a comment has to fit in. */
const BUFFER = 4096;

/**
 * Why a word or comment at `start` is longer than NGINX can read, or undefined. What stands behind it counts as long
 * as NGINX has to read it before it forgets the word: white space does, a `;` or `{` ends the directive at once. The
 * end of a comment's line makes it forget the comment, but a carriage return in front of that is still part of it.
 */
export function tooLong(text: string, start: number, raw: string): SyntaxProblem | undefined {
  const bytes = byteLength(raw);
  if (bytes < BUFFER - 4) return undefined;
  const end = start + raw.length;
  const quoted = raw[0] === '"' || raw[0] === "'";
  // NGINX counts from behind the opening quote; whatever it reads then stays in the buffer with the word
  const kept = quoted ? bytes - 1 : bytes;
  const what = raw[0] === '#' ? 'comment' : 'word';
  const next = text[end];
  const counts = what === 'comment' ? next === '\r' : next !== ';' && next !== '{' && next !== undefined;
  const read = counts ? kept + 1 : kept;
  const more = end + (read - kept) < text.length;
  if (read < BUFFER || !more) return undefined;
  return {
    rule: 'syntax/too-long',
    message: `this ${what} has ${bytes} bytes; NGINX reads at most ${BUFFER - 1} in one piece`,
    hint:
      what === 'comment'
        ? 'break the comment into several lines'
        : quoted
          ? 'a closing quote may be missing; else split the value with variables (set or map)'
          : 'split the value with variables (set or map)',
    start,
    end,
  };
}

function byteLength(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // a surrogate pair is four bytes: two more for its two halves
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
