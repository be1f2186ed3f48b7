import { spawnSync } from 'node:child_process';

/** What PCRE2 makes of a regular expression: why it refuses it, or its groups. */
export interface Compiled {
  readonly problem?: string;
  readonly groups?: number;
  readonly names?: readonly string[];
}

/** Compiles patterns with `pcre2test`, as NGINX does: without options. */
export function compileAll(patterns: readonly string[]): Compiled[] {
  const input = patterns.map((pattern) => `/${Buffer.from(pattern).toString('hex')}/hex,info\n\n`).join('');
  const { stdout } = spawnSync('pcre2test', ['-q'], { input, encoding: 'latin1', maxBuffer: 1 << 28 });
  const answers = stdout.split(/^\/[\da-f]*\/hex,info\n/mu).slice(1);
  if (answers.length !== patterns.length) throw new Error(`pcre2test stopped: ${answers.at(-1)}`);
  return answers.map((answer) => {
    const failed = /^Failed: error \d+ at offset \d+: (.*)$/mu.exec(answer);
    if (failed) return { problem: failed[1]! };
    const listed = /^Named capture groups:\n((?: {2}\S+ +\d+\n)+)/mu.exec(answer)?.[1] ?? '';
    return {
      groups: Number(/^Capture group count = (\d+)$/mu.exec(answer)?.[1] ?? Number.NaN),
      names: listed.match(/\S+(?= )/gu) ?? [],
    };
  });
}
