import { UserError } from '../../errors.ts';

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
  const { message, code } = cause as NodeJS.ErrnoException;
  const denied = code === 'EACCES' || code === 'EPERM';
  return new UserError('failed', 'cannot-write', `cannot write to ${folder}: ${message}`, {
    hint: denied
      ? 'run the command as the user who started the balancer, or make the folder .lbctl beside lb.yaml writable'
      : 'the balancer lives in a folder .lbctl beside lb.yaml; make that folder writable',
    cause,
  });
}
