import { UserError } from '../../../errors.ts';

/** Whether sshd has no room for one more program over the connection. */
export function isRefusal(log: string): boolean {
  return /session request failed: Session open refused|open failed: (?:administratively|resource)/u.test(log);
}

/** Whether the connection was not there any more, so that nothing was started. */
export function isUnconnected(log: string): boolean {
  const told = /Control socket (?:connect\(.*|"[^"]*" does not exist)|kex_exchange_identification: /u.test(
    log,
  );
  return told && !/read from master failed/u.test(log);
}

/** What becomes of the program cannot be told. */
export function lost(
  name: string,
  [program = '', ...args]: readonly string[],
  evidence: string[],
): UserError {
  const what = [program, ...args.slice(0, 1)].join(' ').slice(0, 60);
  return new UserError('failed', 'connection-lost', `the connection to ${name} was lost while ${what} ran`, {
    evidence,
    hint: 'the node goes on by itself; run the command again to see what became of it',
  });
}

/** @param patience in milliseconds. */
export function hangs(name: string, patience: number): UserError {
  const message = `${name} lets the user in, but has run no program after ${patience / 1000} s`;
  return new UserError('failed', 'shell-hangs', message, {
    hint: 'look at the start files of the login shell, at sudo, and at disks that do not answer',
  });
}

/** Of programs that could not be started. */
export function withoutSsh(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new UserError('failed', 'ssh-missing', 'ssh is not installed', {
    cause: error,
    hint:
      process.platform === 'linux'
        ? 'install it: apt-get install openssh-client, dnf install openssh-clients, or apk add openssh-client'
        : 'install OpenSSH, and let PATH lead to ssh',
  });
}
