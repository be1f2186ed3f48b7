import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Collection, HealthCheck } from '../aws/route53.ts';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { Change } from './change/diff.ts';

/** Changes that were made from here, for taking them back; nothing else reads them. */
export interface Saved {
  readonly zone: { readonly id: string; readonly name: string; readonly isPrivate: boolean };
  /** ISO 8601. */
  readonly at: string;
  readonly changes: readonly Change[];
  /** Health checks that the changes leave without a record, by id: they may be gone when they are needed again. */
  readonly checks: Readonly<Record<string, Pick<HealthCheck, 'reference' | 'config'>>>;
  /** Networks that the changes leave without a record, by id; none in what was kept before there were any. */
  readonly collections?: Readonly<Record<string, Pick<Collection, 'name' | 'locations'>>>;
}

/** States that are kept of a zone. */
const KEPT = 10;

interface Env {
  readonly [name: string]: string | undefined;
}

function folderOf(env: Env, zone: string): string {
  const state = env['XDG_STATE_HOME'] ?? join(env['HOME'] ?? homedir(), '.local/state');
  return join(state, 'lbctl/dns', zone);
}

/** Keeps what is about to be changed. */
export function save(env: Env, saved: Saved): void {
  const folder = folderOf(env, saved.zone.id);
  try {
    makeFolder(folder, 0o700);
    const file = join(folder, `${saved.at.replaceAll(/[:.]/gu, '-')}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(saved), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    for (const old of names(folder).slice(0, -KEPT)) rmSync(join(folder, old), { force: true });
  } catch (cause) {
    throw new UserError(
      'failed',
      'cannot-save',
      `cannot keep the records as they are in ${folder}: ${(cause as Error).message}`,
      {
        hint: 'name another folder by XDG_STATE_HOME: what is there is needed for lbctl dns undo',
        cause,
      },
    );
  }
}

/** The last changes of a zone from here, and the file that holds them; undefined where there are none. */
export function lastSaved(
  env: Env,
  zone: string,
): { readonly saved: Saved; readonly file: string } | undefined {
  const folder = folderOf(env, zone);
  const last = names(folder).at(-1);
  if (last === undefined) return undefined;
  const file = join(folder, last);
  return { saved: JSON.parse(readFileSync(file, 'utf8')) as Saved, file };
}

/** What has been taken back is done with. */
export function forget(file: string): void {
  rmSync(file, { force: true });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted();
  } catch {
    return [];
  }
}
