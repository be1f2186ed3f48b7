import { resolve } from 'node:path';
import { Aborted, UserError } from '../../lib/errors.ts';
import type { ReleaseFile } from '../../lib/release/build.ts';
import type { Invocation } from '../command.ts';

/** Writes files into the folder of `--out`; whoever would lose some there is asked first. */
export async function writeOut(
  { terminal, options, cwd }: Invocation,
  out: string,
  files: readonly ReleaseFile[],
): Promise<void> {
  const { writeFolder } = await import('../../lib/release/write-folder.ts');
  await writeFolder(resolve(cwd, out), files, async (foreign) => {
    const lines = foreign.map(({ path, why }) => `${path}: ${why}`);
    if (options['yes'] !== true && !terminal.interactive) {
      throw new UserError('input', 'would-replace', `${out} has files that would be lost`, {
        evidence: lines,
        hint: 'choose another folder, or pass --yes to have them replaced',
      });
    }
    const { withProgress } = await import('../../lib/ui/progress.ts');
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      for (const line of lines) io.notify({ kind: 'warn', text: line });
      if (!(await io.confirm(`Replace what ${out} has of these?`))) throw new Aborted('nothing was written');
    });
  });
}
