import { gzipSync } from 'node:zlib';
import type { Executed } from '../fake-aws/ssm/agent.ts';
import type { fakeSsm } from '../fake-aws/ssm/service.ts';
import type { Ran } from '../../src/lib/release/transports/transport.ts';

/** What a run of a program says, as its script prints it. */
function printed({ code, stdout, stderr }: Ran): string {
  const packed = gzipSync(`${code} ${Buffer.byteLength(stdout)}\n${stdout}${stderr}`).toString('base64');
  return `lbctl ${packed.length}\n${packed.slice(0, 23_900)}`;
}

/** Words of the program that a script runs. */
function wordsIn(script: string): string[] {
  const [, line = ''] = /^set -- (.*(?:\n(?!# -- ).*)*)\n# -- /mu.exec(script) ?? [];
  return [...line.matchAll(/'((?:[^']|'\\'')*)'(?: |$)/gu)].map(([, word = '']) =>
    word.replaceAll(`'\\''`, "'"),
  );
}

/** Instances that stand in for machines: they answer programs without running them. */
export function standIns(
  ssm: ReturnType<typeof fakeSsm>,
  region: string,
  count: number,
  answer: (words: readonly string[], instance: string) => Partial<Ran> | undefined,
): string[] {
  const ids = Array.from({ length: count }, (_, n) => `i-${(n + 1).toString(16).padStart(17, '0')}`);
  for (const id of ids)
    ssm.register({
      id,
      region,
      async execute(script): Promise<Executed> {
        const ran = answer(wordsIn(script), id);
        if (ran === undefined) throw new Error('it is cut off');
        return { code: 0, stdout: printed({ code: 0, stdout: '', stderr: '', ...ran }), stderr: '' };
      },
    });
  return ids;
}
