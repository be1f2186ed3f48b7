import { hostname, userInfo } from 'node:os';

/** Who runs lbctl, as `user@host`. */
export function author(env: Readonly<Record<string, string | undefined>>): string {
  const user = env['SUDO_USER'] ?? env['USER'] ?? userName();
  return `${user}@${hostname()}`.replaceAll(/[^\w.@+-]/gu, '_');
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // a user without an entry, as in many containers
    return String(process.getuid?.() ?? 'unknown');
  }
}
