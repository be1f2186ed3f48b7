import { statSync } from 'node:fs';
import { UserError } from '../../errors.ts';

/**
 * Sends a signal to a process; one that has ended by itself needs none.
 * @throws UserError `denied` where it belongs to somebody else.
 */
export function send(pid: number, signal: NodeJS.Signals): void {
  attempt(pid, signal);
}

/** Throws as `send` would, and changes nothing. */
export function checkPermission(pid: number): void {
  attempt(pid, 0);
}

function attempt(pid: number, signal: NodeJS.Signals | 0): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return;
    throw code === 'EPERM' ? foreign(pid, error) : error;
  }
}

function foreign(pid: number, cause: unknown): UserError {
  const uid = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
  const owner = uid === undefined ? '' : `, ${uid === 0 ? 'root' : `the user with id ${uid}`}`;
  return new UserError(
    'denied',
    'foreign-process',
    `NGINX (pid ${pid}) was started by another user${owner}`,
    {
      hint: 'run the command as that user, for instance by sudo',
      cause,
    },
  );
}
