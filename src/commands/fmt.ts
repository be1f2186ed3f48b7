import { readFile } from 'node:fs/promises';
import { InvalidInput, reasonOf, UserError } from '../lib/errors.ts';
import { unifiedDiff } from '../lib/nginx/format/diff.ts';
import { isModSecurity } from '../lib/source/modsecurity.ts';
import { format } from '../lib/nginx/format/format.ts';
import { placed } from '../lib/nginx/format/problems.ts';
import { findNginxFiles, isBalancer, type NginxFile } from '../lib/source/nginx-files.ts';
import { decode, encode } from '../lib/source/nginx-text.ts';
import { replaceFile } from '../lib/source/replace-file.ts';
import { readStdin } from '../lib/source/stdin.ts';
import { paintDiff } from '../lib/ui/diff.ts';
import type { Terminal } from '../lib/ui/terminal.ts';
import { visible } from '../lib/ui/visible.ts';
import type { Invocation, Outcome } from './command.ts';

/** A file as `--json` tells it. */
interface Entry {
  readonly file: string;
  readonly changed: boolean;
  /** With `--diff`. */
  readonly diff?: string;
  /** What stdin becomes, unless it is only looked at. */
  readonly content?: string;
}

interface Settings {
  /** One level of indentation. */
  readonly step: string;
  readonly check: boolean;
  readonly diff: boolean;
}

/** What has a text that can be formatted: a file, or stdin with stdout. */
interface Place {
  readonly name: string;
  readonly isFile: boolean;
  /** Whether it may be no configuration of NGINX at all. */
  readonly isGuess: boolean;
  read(): Promise<Buffer>;
  write(bytes: Buffer): Promise<void> | void;
}

/** `--json`: `{schemaVersion, files: [{file, changed}]}`, with `diff` or, of stdin, `content`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { options, terminal } = invocation;
  const settings = {
    step: stepOf(options['indent']),
    check: options['check'] === true,
    diff: options['diff'] === true,
  };
  const files: Entry[] = [];
  const errors: UserError[] = [];
  for (const place of await placesOf(invocation)) {
    try {
      const entry = await formatPlace(place, settings, terminal);
      if (entry) files.push(entry);
    } catch (error) {
      // one file that cannot be formatted keeps no other from it
      if (!(error instanceof UserError)) throw error;
      errors.push(error);
    }
  }
  const changed = files.filter((entry) => entry.changed);
  if (!terminal.json && files.some(({ file }) => file !== STDIN))
    summarize(files, changed, settings, terminal);
  if (errors.length > 0) throw oneError(errors, { files });
  if (terminal.json) terminal.printJson({ files });
  return settings.check && changed.length > 0 ? 1 : 0;
}

const STDIN = '<stdin>';

async function placesOf({ args, options, terminal, cwd }: Invocation): Promise<Place[]> {
  const named = args.filter((arg) => arg !== '-');
  if (options['stdin'] !== true && named.length === args.length) {
    if (named.length > 0) return nginxFiles(named, cwd).map(filePlace);
    throw new UserError(
      'usage',
      'nothing-to-format',
      'say what to format: files, folders, patterns or --stdin',
      {
        hint: 'lbctl fmt nginx.conf, lbctl fmt /etc/nginx, or lbctl fmt --stdin < nginx.conf',
      },
    );
  }
  if (named.length > 0) {
    throw new UserError('usage', 'stdin-or-files', 'stdin and files cannot be formatted in one run', {
      hint: 'leave out the files, or --stdin',
    });
  }
  // the text is a part of the document under --json
  const write = (bytes: Buffer): void => (terminal.json ? undefined : terminal.write(bytes));
  return [{ name: STDIN, isFile: false, isGuess: false, read: readStdin, write }];
}

/** @throws UserError `input` where an lb.yaml is named, which would be told line by line to be no configuration. */
function nginxFiles(named: readonly string[], cwd: string): NginxFile[] {
  const files = findNginxFiles(named, cwd);
  const balancer = files.find(isBalancer);
  if (balancer === undefined) return files;
  throw new UserError('input', 'not-nginx', `${balancer.name} is YAML, and fmt lays out files of NGINX`, {
    hint: `lbctl lint ${balancer.name} looks through an lb.yaml`,
  });
}

function filePlace({ name, path, named }: NginxFile): Place {
  return {
    name,
    isFile: true,
    isGuess: !named,
    read: () =>
      readFile(path).catch((cause: Error) => {
        throw new InvalidInput(name, [{ message: `cannot read ${name}: ${reasonOf(cause)}` }], { cause });
      }),
    write: (bytes) =>
      replaceFile(path, bytes).catch((cause: Error) => {
        throw new UserError('failed', 'cannot-write', `cannot write ${name}: ${reasonOf(cause)}`, { cause });
      }),
  };
}

async function formatPlace(
  place: Place,
  { step, check, diff }: Settings,
  terminal: Terminal,
): Promise<Entry | undefined> {
  const { name: file, isFile, isGuess } = place;
  const { text, encoding } = decode(await place.read());
  const { text: formatted, problems } = format(text, step);
  if (problems.length > 0 && isGuess && isModSecurity(text)) {
    terminal.note(`  ${visible(file)} is left out: it is ModSecurity's`);
    return undefined;
  }
  if (problems.length > 0) throw new InvalidInput(file, placed(file, text, problems));
  const changed = formatted !== text;
  if (diff) {
    const difference = unifiedDiff(file, text, formatted);
    if (!terminal.json) terminal.write(encode({ text: paintDiff(difference, terminal.style), encoding }));
    return { file, changed, diff: difference };
  }
  if (check) return { file, changed };
  if (changed || !isFile) await place.write(encode({ text: formatted, encoding }));
  return { file, changed, ...(isFile ? {} : { content: formatted }) };
}

/** Names are a result where they were asked for, else a remark. */
function summarize(
  files: readonly Entry[],
  changed: readonly Entry[],
  { check, diff }: Settings,
  terminal: Terminal,
): void {
  for (const { file } of diff ? [] : changed) {
    if (check) terminal.print(file);
    else terminal.note(`  ${visible(file)}`);
  }
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  terminal.note(`${changed.length} of ${count} ${check || diff ? 'would change' : 'formatted'}`);
}

/** What went wrong in all files, as one error. */
function oneError(errors: readonly UserError[], done: Readonly<Record<string, unknown>>): UserError {
  const invalid = errors.filter((error) => error instanceof InvalidInput);
  const others = errors.filter((error) => !(error instanceof InvalidInput));
  const messages = others.map(({ message }) => message);
  if (invalid.length === 0)
    return new UserError('failed', 'cannot-write', 'not every file could be written', {
      evidence: messages,
      done,
    });
  const problems = [
    ...invalid.flatMap((error) => error.problems),
    ...messages.map((message) => ({ message })),
  ];
  return new InvalidInput(
    invalid.flatMap(({ file }) => file),
    problems,
    { done },
  );
}

function stepOf(option: string | boolean | undefined): string {
  if (option === undefined) return ' '.repeat(4);
  if (option === 'tab') return '\t';
  if (typeof option === 'string' && /^(?:[1-9]|1[0-6])$/u.test(option)) return ' '.repeat(Number(option));
  throw new UserError('usage', 'bad-indent', `--indent takes 1 to 16 or tab, not ${String(option)}`);
}
