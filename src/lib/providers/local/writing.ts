import { reasonOf, UserError } from '../../errors.ts';

/** Tells what the system refuses in a balancer's folder in words; other errors stay as they are. */
export async function writing<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isOfSystem(error) ? notWritable(folder, error) : error;
  }
}

function isOfSystem(error: unknown): boolean {
  return !(error instanceof UserError) && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

export function notWritable(folder: string, cause: unknown): UserError {
  const { code = '', path = folder } = cause as NodeJS.ErrnoException;
  return new UserError('failed', 'cannot-write', `cannot write to ${path}: ${reasonOf(cause)}`, {
    hint: HINTS[code] ?? 'the balancer lives in a folder .lbctl beside lb.yaml; make that folder writable',
    cause,
  });
}

const DENIED =
  'run the command as the user who started the balancer, or make the folder .lbctl beside lb.yaml writable';
const FULL = 'make room on that disk, and run the command again: df -h and df -i tell what it has';

const HINTS: Readonly<Record<string, string>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  ENOSPC: FULL,
  EDQUOT: FULL,
  EROFS:
    'that disk is read-only; the balancer lives in a folder .lbctl beside lb.yaml: put lb.yaml on another disk',
};
