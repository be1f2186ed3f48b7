import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Facts } from '../../lib/init/question.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What can be told of a folder without asking anybody. */
export function surroundings(folder: string, env: Env): Facts {
  return {
    folder: basename(folder),
    inGit: repositoryOf(folder) !== undefined,
    region: env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined,
    instances: [],
    groups: [],
    zones: [],
    balancers: [],
    vpcs: [],
    certificates: [],
    topics: [],
  };
}

/** The top of the git repository that a folder is in. */
export function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}
