import { Buffer } from 'node:buffer';

/** Stands for 255, which ssh keeps for failures of its own. */
const INSTEAD_OF_255 = 193;

/**
 * The command that sshd hands to the login shell so that it starts a program with these very words.
 *
 * Login shells differ in what stands for itself between single quotes: fish reads `\\` and `\'`, csh reads `!` and ends
 * at a new line. So all that is not plain is written in octal, which sh, started by whatever shell there is, reads
 * again. A command is one word for the kernels on the way, 128 KiB on Linux, and an unusual byte takes five; more than
 * that goes through the input, and so does what nobody may see in a list of processes.
 */
export function remoteCommand(words: readonly string[]): string {
  if (words.some((word) => word.includes('\0'))) throw new TypeError('a word has a NUL in it');
  const line = words
    .map((word, i) => (i > 0 && /^[\w./:=@%+,-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
  const octal = [...Buffer.from(line)].map(writeByte).join('');
  return `exec sh -c 'eval "$(printf %b "${octal}")"; c=$?; [ $c = 255 ] && c=${INSTEAD_OF_255}; exit $c'`;
}

function writeByte(byte: number): string {
  const character = String.fromCodePoint(byte);
  return /[\w./:=@%+, -]/u.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
}

/** The exit code that a program had; null where a signal ended it, which its shell tells by 128 and more. */
export function readCode(code: number): number | null {
  if (code === INSTEAD_OF_255) return 255;
  return code > 128 && code < INSTEAD_OF_255 ? null : code;
}
