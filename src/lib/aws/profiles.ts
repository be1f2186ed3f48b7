import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Names of the profiles that are set up here, as the SDK finds them: in the files for settings and for keys. */
export function profilesHere(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env['HOME'] ?? homedir();
  const settings = env['AWS_CONFIG_FILE'] ?? join(home, '.aws/config');
  const keys = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws/credentials');
  return [
    ...new Set([
      ...sections(settings, /^\[(?:profile\s+([^\]]+)|(default))\s*\]/gmu),
      ...sections(keys, /^\[([^\]]+)\]/gmu),
    ]),
  ];
}

/** A file that is not there or cannot be read has none. */
function sections(path: string, head: RegExp): string[] {
  try {
    const found = readFileSync(path, 'utf8').matchAll(head);
    return [...found].map(([, name = '', other = '']) => (name || other).trim().replaceAll(/^"|"$/gu, ''));
  } catch {
    return [];
  }
}
