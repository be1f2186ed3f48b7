import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Loaded } from '../source/load.ts';
import { writeFileWhole } from '../source/replace-file.ts';

/**
 * Gives lb.yaml another text while work is done that needs it; where the work fails, the file is as it was.
 * @param stays whether what came of the work needs the new text.
 * @throws UserError `failed` where somebody else has changed it since it was read, or it cannot be written.
 */
export async function withFile<Result>(
  { file, folder, source }: Loaded,
  text: string,
  io: Io,
  work: () => Promise<Result>,
  stays: (result: Result) => boolean,
): Promise<Result> {
  const path = join(folder, basename(file));
  const now = (): string => readFileSync(path, 'utf8');
  const write = (content: string): Promise<void> =>
    writeFileWhole(path, content).catch((cause: unknown) => {
      throw new UserError('failed', 'cannot-write', `cannot write ${file}: ${(cause as Error).message}`, {
        cause,
      });
    });
  if (now() !== source.text) {
    throw new UserError('failed', 'changed-meanwhile', `${file} has changed since it was read`, {
      hint: 'run the command again',
    });
  }
  await write(text);
  let isKept = false;
  try {
    const result = await work();
    isKept = stays(result);
    return result;
  } finally {
    if (!isKept && now() === text) {
      await write(source.text);
      io.notify({ kind: 'info', text: `${file} is as it was` });
    } else if (!isKept)
      io.notify({ kind: 'warn', text: `${file} was changed by somebody else meanwhile, and stays so` });
  }
}
