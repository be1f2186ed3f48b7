import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Found, withFound } from '../balancer/found.ts';
import { type ReadBalancer, readBalancer } from '../balancer/read.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import type { Source } from '../balancer/source.ts';
import { reasonOf, UserError } from '../errors.ts';
import { readBounded } from './bounded.ts';

/** lb.yaml, read and checked. */
export interface Loaded {
  readonly balancer: Balancer;
  /** Path as the user gave it, for messages. */
  readonly file: string;
  /** Absolute path of its folder: where relative paths in it start. */
  readonly folder: string;
  /** Its text with the places of the values. */
  readonly source: Source;
  /** Servers that were found for upstreams that discover them; they are in `balancer`, too. */
  readonly found?: Found;
  /** What is to be known of how they were found, in words. */
  readonly remarks?: readonly string[];
  /** Why servers could not be found, where the rest is told all the same; whoever needs them throws it. */
  readonly undiscovered?: UserError;
  /** Servers that are marked down here as they are drained, as nodes keep them; none where left out. */
  readonly drained?: readonly string[];
}

interface Lookup {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Path of the balancer to work on: `--file`, then `LBCTL_FILE`, then lb.yaml in the current folder. */
export function balancerFile({ options, env }: Pick<Lookup, 'options' | 'env'>): string {
  const { file } = options;
  return typeof file === 'string' ? file : (env['LBCTL_FILE'] ?? 'lb.yaml');
}

/**
 * Reads and checks lb.yaml and the files that it names.
 * @throws InvalidInput with every problem found; UserError `input` where there is no such file.
 */
export async function loadBalancer(lookup: Lookup): Promise<Loaded> {
  const file = balancerFile(lookup);
  const path = resolve(lookup.cwd, file);
  return loadText(textOf(path, file), file, dirname(path));
}

/**
 * Reads and checks a text as if it stood in a file.
 * @param folder where relative paths in it start.
 * @throws InvalidInput as `loadBalancer` does.
 */
export async function loadText(text: string, file: string, folder: string): Promise<Loaded> {
  const read = readBalancer(text, file);
  await checkCertificates(read, folder);
  return { balancer: read.balancer, file, folder, source: read.source };
}

/**
 * Reads and checks another text in the place of lb.yaml.
 * @throws InvalidInput as `loadBalancer` does.
 */
export async function withText(loaded: Loaded, text: string): Promise<Loaded> {
  const { file, folder, found = {} } = loaded;
  const { balancer, source, ...read } = readBalancer(text, file);
  await checkCertificates({ balancer, source, ...read }, folder);
  return { ...loaded, balancer: withFound(balancer, found), source };
}

/** Most files name none, and then the cryptography is not even loaded. */
async function checkCertificates({ balancer, invalid }: ReadBalancer, folder: string): Promise<void> {
  const { listeners, routes, upstreams } = balancer;
  if (![...Object.values(listeners), ...routes, ...Object.values(upstreams)].some(({ tls }) => tls)) return;
  const { certificateFaults } = await import('./certificates.ts');
  const faults = certificateFaults(balancer, folder);
  if (faults.length > 0) throw invalid(faults);
}

/** Read at once: for one small file, starting the threads that read in the background costs more than reading. */
function textOf(path: string, file: string): string {
  try {
    return readBounded(path, file).toString();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      const other = otherEnding(file);
      const hint =
        other !== file && existsSync(otherEnding(path))
          ? `${other} is here: name it with --file ${other}, or rename it`
          : 'lbctl init asks a few questions and writes one; --file names another file';
      throw new UserError('input', 'no-balancer-file', `there is no ${file} here`, { hint, cause });
    }
    if (code === 'EISDIR') {
      const hint = `name the file in it: --file ${join(file, 'lb.yaml')}`;
      throw new UserError('input', 'unreadable-file', `${file} is a folder`, { hint, cause });
    }
    const hint = code === 'EACCES' ? `ls -l ${file} tells who may read it` : undefined;
    throw new UserError('input', 'unreadable-file', `cannot read ${file}: ${reasonOf(cause)}`, {
      hint,
      cause,
    });
  }
}

/** The same name with the other ending that YAML has. */
function otherEnding(path: string): string {
  return path.endsWith('.yaml') ? path.replace(/yaml$/u, 'yml') : path.replace(/yml$/u, 'yaml');
}
