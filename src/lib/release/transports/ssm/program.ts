import { gunzipSync } from 'node:zlib';
import role from '../../../render/bootstrap/role.sh';
import type { Ran } from '../transport.ts';
import run from './run.sh';

/** Where a node fetches what is too long for a command. */
export interface Source {
  readonly bucket: string;
  readonly region: string;
}

/** An object of the bucket, by its key, and what it must hold. */
export interface Kept {
  readonly key: string;
  readonly sha256: string;
}

/**
 * Characters of what came of a run that its command prints. A command keeps 24,000; lists of commands show 2,500 of each,
 * which is enough for what most runs say.
 */
const FIRST = 23_900;

/** A script that runs a program once, whoever else has it run under the same name. */
export function programScript(
  source: Source,
  id: string,
  words: readonly string[],
  input: Kept | undefined,
): string {
  return [
    settings(source),
    settings({ id, key: input?.key ?? '', sha256: input?.sha256 ?? '', first: String(FIRST) }),
    `set -- ${words.map(quoted).join(' ')}`,
    role,
    run,
  ].join('\n');
}

/** A script that fetches another one, which is too long for a command. */
export function fetchedScript(source: Source, id: string, { key, sha256 }: Kept): string {
  return [
    settings(source),
    role,
    `umask 077`,
    `script=/run/lbctl-script.${id}`,
    `digested '${key}' "$script" ${sha256} || exit 3`,
    'sh "$script"',
    'code=$?',
    'rm -f "$script"',
    'exit $code',
  ].join('\n');
}

/** A script that prints what came of a run from an offset on. */
export function restScript(id: string, offset: number): string {
  return `tail -c +${offset + 1} /run/lbctl-runs/${id}/done | head -c ${FIRST}`;
}

function settings(values: object): string {
  const names: Readonly<Record<string, string>> = { ...values };
  const { region } = names;
  const all = region === undefined ? names : { ...names, suffix: suffixOf(region) };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join('\n');
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function quoted(word: string): string {
  if (word.includes('\0')) throw new TypeError('a word has a NUL in it');
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What a command has printed: as much as came, and how much there is; null where it is something else. */
export function readPrinted(output: string): { readonly size: number; readonly packed: string } | null {
  const [, size, packed = ''] = /^lbctl (\d+)\n([A-Za-z0-9+/=]*)/u.exec(output) ?? [];
  return size === undefined ? null : { size: Number(size), packed };
}

/** What a program did, by all that came of its run; null where that is not whole. */
export function unpack(packed: string): Ran | null {
  let bytes: Buffer;
  try {
    bytes = gunzipSync(Buffer.from(packed, 'base64'));
  } catch {
    return null;
  }
  const end = bytes.indexOf('\n');
  const [code = 0, length = 0] = bytes.subarray(0, end).toString('latin1').split(' ').map(Number);
  const said = bytes.subarray(end + 1);
  return {
    // 128 and more is how a shell tells of a signal
    code: code > 128 && code < 193 ? null : code,
    stdout: said.subarray(0, length).toString('utf8'),
    stderr: said.subarray(length).toString('utf8'),
  };
}
