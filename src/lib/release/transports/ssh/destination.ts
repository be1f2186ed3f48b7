import { UserError } from '../../../errors.ts';

/**
 * What OpenSSH itself keeps out of names since 9.6, because ProxyCommand and Match exec hand them to a shell; older ones
 * take them all.
 */
const NOT_IN_HOST = /['`"$\\;&<>|(){},\s\p{Cc}]/u;
const NOT_IN_USER = /['`"$;&<>|(){}\s\p{Cc}]/u;

/**
 * Reads where to log in, as people write it for ssh: `host`, `user@host`, `ssh://user@host:port`, or a Host of their
 * configuration.
 * @returns the name for people: the same without `ssh://`.
 * @throws UserError `input` where it is not such a place.
 */
export function readDestination(text: string): string {
  const name = text.replace(/^ssh:\/\//iu, '');
  const [, user, host = ''] = /^(?:(.*)@)?([^@]*)$/su.exec(name) ?? [];
  // first, so that no complaint repeats it
  if (user?.includes(':'))
    throw wrong('a destination of ssh has a password in it', 'take it out: ssh is let in by keys');
  if (text.length === name.length) {
    const [, bare, port] = /^([^:]+):(\d+)$/u.exec(host) ?? [];
    if (port) throw wrong(refused(text), `write ssh://${user ? `${user}@` : ''}${bare}:${port}`);
  } else if (!/^(?:[^:[\]/]+|\[[^[\]/]+\])(?::\d{1,5})?$/u.test(host)) {
    throw wrong(refused(text), 'write ssh://USER@HOST:PORT, without anything after the port');
  }
  const usable =
    /^[^-]/u.test(host) && !NOT_IN_HOST.test(host) && (user === undefined || /^[^-]/u.test(user));
  if (!usable || NOT_IN_USER.test(user ?? ''))
    throw wrong(refused(text), 'write HOST, USER@HOST, ssh://USER@HOST:PORT or a Host of ~/.ssh/config');
  return name;
}

function refused(text: string): string {
  return `${JSON.stringify(text)} is not a destination of ssh`;
}

function wrong(message: string, hint: string): UserError {
  return new UserError('input', 'bad-destination', message, { hint });
}
