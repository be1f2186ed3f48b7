import { UserError } from '../../../errors.ts';
import type { Ran } from '../transport.ts';

/** Tells who is logged in, in a form that nothing else prints, and whether sudo would run programs for them. */
export const PROBE = [
  'sh',
  '-c',
  'echo "lbctl $(id -u) $(id -un)"; [ "$(id -u)" = 0 ] || LC_ALL=C exec sudo -n -- sh -c :',
] as const;

const SUDO = ['sudo', '-n', '--'] as const;

/** What goes before programs so that they have the rights of root, by what PROBE said. */
export function readRights(name: string, { code, stdout, stderr }: Ran): readonly string[] {
  const [, uid, user = ''] = /^lbctl (\d+) (.*)\n$/u.exec(stdout) ?? [];
  if (uid === '0') return [];
  if (uid === undefined) throw noPrograms(name, stdout, stderr);
  if (code === 0) return SUDO;
  throw sudoRefuses(name, user, stderr);
}

/** The login shell did something else, or something more. */
function noPrograms(name: string, stdout: string, stderr: string): UserError {
  const evidence = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
  const other = /Please login as the user "([^"]+)"/u.exec(stdout)?.[1];
  if (other !== undefined) {
    const host = name.slice(name.lastIndexOf('@') + 1);
    const message = `${name} wants ${other} to log in`;
    return new UserError('denied', 'other-user', message, { evidence, hint: `write ${other}@${host}` });
  }
  if (/^lbctl \d+ /mu.test(stdout)) {
    return new UserError('failed', 'shell-prints', `the login shell of ${name} prints text of its own`, {
      evidence: evidence.filter((line) => !/^lbctl \d+ /u.test(line)),
      hint: 'its start files may print in interactive shells only; in .bashrc: case $- in *i*) echo …;; esac',
    });
  }
  return new UserError('denied', 'no-shell', `${name} lets the user in, but runs no programs for them`, {
    evidence,
    hint: 'the user needs a login shell (usermod -s /bin/sh USER), and a key without command= in authorized_keys',
  });
}

function sudoRefuses(name: string, user: string, stderr: string): UserError {
  const evidence = stderr.split('\n').filter((line) => line.trim() !== '');
  const rule = `echo '${user} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/lbctl`;
  if (/password is required|no password was provided/u.test(stderr))
    return new UserError('denied', 'sudo-password', `sudo on ${name} asks ${user} for a password`, {
      evidence,
      hint: `let it not ask: ${rule} as root there, or log in as another user`,
    });
  if (/sudo:? .*not found|sudo: No such file/u.test(stderr))
    return new UserError('denied', 'sudo-missing', `${user} is not root on ${name}, and there is no sudo`, {
      evidence,
      hint: 'install sudo there, or log in as root',
    });
  if (/must have a tty/u.test(stderr))
    return new UserError('denied', 'sudo-refused', `sudo on ${name} wants a terminal`, {
      evidence,
      hint: `take requiretty out of /etc/sudoers, or: echo 'Defaults:${user} !requiretty' >>/etc/sudoers.d/lbctl`,
    });
  return new UserError('denied', 'sudo-refused', `sudo on ${name} runs nothing for ${user}`, {
    evidence,
    hint: `allow it: ${rule} as root there, or log in as another user`,
  });
}
