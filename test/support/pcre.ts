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

/** What a regular expression finds in a text: the values of its groups, the whole match first; undefined for nothing. */
export type Found = readonly (string | undefined)[] | undefined;

/** Matches patterns with `pcre2test`; where one is refused or gives up, its text is found to be `failed`. */
export function matchAll(cases: readonly (readonly [pattern: string, text: string])[]): (Found | 'failed')[] {
  const hex = (text: string): string => Buffer.from(text).toString('hex');
  const escaped = (text: string): string => hex(text).replaceAll(/../gu, String.raw`\x$&`);
  const input = cases.map(
    ([pattern, text]) => `/${hex(pattern)}/hex\n    ${escaped(text)}\\=allcaptures,match_limit=100000\n\n`,
  );
  const { stdout } = spawnSync('pcre2test', ['-q'], {
    input: input.join(''),
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  const answers = stdout.split(/^\/[\da-f]*\/hex\n/mu).slice(1);
  if (answers.length !== cases.length) throw new Error(`pcre2test stopped: ${answers.at(-1)}`);
  return answers.map((answer) => {
    if (/^No match$/mu.test(answer)) return undefined;
    const values: (string | undefined)[] = [];
    for (const [, number, value] of answer.matchAll(/^ *(\d+): (.*)$/gmu))
      values[Number(number)] = value === '<unset>' ? undefined : unescape(value!);
    return values.length === 0 ? 'failed' : values;
  });
}

/** pcre2test prints what cannot be seen as codes. */
function unescape(text: string): string {
  return text.replaceAll(/\\x\{?([\da-f]{2})\}?/gu, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
