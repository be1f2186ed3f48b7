import { complete } from './complete.ts';
import { lookUpIn } from './live.ts';

/**
 * What the scripts for shells ask for: a line a candidate, its meaning behind a tab, and at the end `:files` or
 * `:folders` where those belong there, too.
 */
export async function answer(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { candidates, also } = await complete(words, lookUpIn(cwd, env));
  const lines = candidates.map(([word, meaning]) => (meaning === '' ? word : `${word}\t${meaning}`));
  return [...lines, ...(also ? [`:${also}`] : [])].map((line) => `${line}\n`).join('');
}
