import { createHash } from 'node:crypto';

/** A file by its path, with what is in it. */
export interface Content {
  readonly path: string;
  readonly content: Uint8Array;
  /** Content that must not be shown, not even line by line. */
  readonly secret: boolean;
}

/** One line for each file that differs: `+ new`, `- gone`, `~ changed (+2 -1)`. */
export function changedFiles(before: readonly Content[], after: readonly Content[]): string[] {
  const old = new Map(before.map((file) => [file.path, file]));
  const now = new Map(after.map((file) => [file.path, file]));
  const paths = [...new Set([...now.keys(), ...old.keys()])];
  return paths.flatMap((path) => {
    const [from, to] = [old.get(path), now.get(path)];
    if (!from) return [`+ ${path}`];
    if (!to) return [`- ${path}`];
    if (digest(from) === digest(to)) return [];
    return [`~ ${path}${to.secret ? '' : ` ${lineCounts(from, to)}`}`];
  });
}

function digest({ content }: Content): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Lines that are only in one of the two; a line that moved counts for nothing. */
function lineCounts(from: Content, to: Content): string {
  const counts = new Map<string, number>();
  for (const line of lines(from)) counts.set(line, (counts.get(line) ?? 0) - 1);
  for (const line of lines(to)) counts.set(line, (counts.get(line) ?? 0) + 1);
  const values = [...counts.values()];
  const sum = (sign: 1 | -1) => values.reduce((total, count) => total + Math.max(0, count * sign), 0);
  return `(+${sum(1)} -${sum(-1)})`;
}

function lines({ content }: Content): string[] {
  return Buffer.from(content).toString('utf8').split('\n');
}
