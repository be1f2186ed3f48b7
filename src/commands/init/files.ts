import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import { withHook } from '../../lib/init/pre-commit.ts';
import type { Content } from '../../lib/plan/changes.ts';
import { unifiedDiff } from '../../lib/plan/diff.ts';
import { writeFileWhole } from '../../lib/source/replace-file.ts';
import { repositoryOf } from './surroundings.ts';

/** A file that init writes. */
export interface Draft {
  /** As people are told of it. */
  readonly name: string;
  readonly path: string;
  /** What stands there now; undefined where nothing does. */
  readonly before: string | undefined;
  readonly after: string;
  /** Whether all that stands there stays. */
  readonly keeps: boolean;
}

export type Deed = 'create' | 'replace' | 'add' | 'keep';

/** What is done with a file. */
export function deedOf({ before, after, keeps }: Draft): Deed {
  if (before === undefined) return 'create';
  if (before === after) return 'keep';
  return keeps ? 'add' : 'replace';
}

/**
 * The files as they are and as they should be.
 * @param path of lb.yaml.
 */
export function draftsOf(
  { name, path, text }: { readonly name: string; readonly path: string; readonly text: string },
  hook: boolean,
): readonly Draft[] {
  const balancer: Draft = { name, path, before: textAt(path), after: text, keeps: false };
  if (!hook) return [balancer];
  const at = join(repositoryOf(dirname(path)) ?? dirname(path), '.pre-commit-config.yaml');
  const before = textAt(at);
  const shown = relative(process.cwd(), at);
  const after = withHook(before, shown) ?? before ?? '';
  return [balancer, { name: shown, path: at, before, after, keeps: true }];
}

/** How a file would change, as a unified diff. */
export function diffOf({ name, before = '', after }: Draft): string {
  const side = (text: string): Content => ({ path: name, content: Buffer.from(text), secret: false });
  return unifiedDiff([side(before)], [side(after)]);
}

/** Writes what differs, each file at once; Ctrl-C waits for the moment that it takes. */
export async function write(drafts: readonly Draft[]): Promise<void> {
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  try {
    for (const { path, before, after } of drafts)
      if (before !== after)
        await writeFileWhole(path, after).catch((error: unknown) => {
          throw notWritten(path, error);
        });
  } finally {
    process.off('SIGINT', wait);
  }
}

/** Names the file that is wanted, as the one that is written beside it first means nothing to people. */
function notWritten(path: string, cause: unknown): unknown {
  const why = REASONS[(cause as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) return cause;
  const [reason, hint] = why;
  const message = `cannot write ${basename(path)} in ${dirname(path)}: ${reason}`;
  return new UserError('failed', 'cannot-write', message, { hint, cause });
}

const ELSEWHERE = 'lbctl init --file OTHER/lb.yaml writes it into another folder';
const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ['permission denied', ELSEWHERE],
  EPERM: ['permission denied', ELSEWHERE],
  EROFS: ['that disk is read-only', ELSEWHERE],
  ENOENT: ['there is no such folder', 'make it with mkdir -p, and run the command again'],
};

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
