import { readFile } from 'node:fs/promises';
import { InvalidInput, type Problem, UserError } from '../lib/errors.ts';
import { unifiedDiff } from '../lib/nginx/format/diff.ts';
import { format } from '../lib/nginx/format/format.ts';
import { placed } from '../lib/nginx/format/problems.ts';
import { findNginxFiles } from '../lib/source/nginx-files.ts';
import { decode, encode } from '../lib/source/nginx-text.ts';
import { replaceFile } from '../lib/source/replace-file.ts';
import { readStdin } from '../lib/source/stdin.ts';
import { paintDiff } from '../lib/ui/diff.ts';
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

const STDIN = '<stdin>';

/** `--json`: `{schemaVersion, files: [{file, changed}]}`, with `diff` or, of stdin, `content`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { args, options, terminal, cwd } = invocation;
  const stdin = options['stdin'] === true || args.includes('-');
  if (stdin && args.some((arg) => arg !== '-'))
    throw new UserError('usage', 'stdin-or-files', 'stdin and files cannot be formatted in one run', {
      hint: 'leave the files out, or --stdin',
    });
  if (!stdin && args.length === 0)
    throw new UserError(
      'usage',
      'nothing-to-format',
      'say what to format: files, folders, patterns or --stdin',
      {
        hint: 'lbctl fmt nginx.conf, lbctl fmt /etc/nginx, or lbctl fmt --stdin < nginx.conf',
      },
    );
  const step = stepOf(options['indent']);
  const files: Entry[] = [];
  const broken = new Map<string, readonly Problem[]>();
  const unwritten: string[] = [];
  const work = async (name: string, bytes: Buffer, put: (bytes: Buffer) => Promise<void> | void) => {
    const { text, encoding } = decode(bytes);
    const formatted = format(text, step);
    if (formatted.problems.length > 0) {
      broken.set(name, placed(name, text, formatted.problems));
      return;
    }
    const changed = formatted.text !== text;
    const looking = options['check'] === true || options['diff'] === true;
    const diff = options['diff'] === true ? unifiedDiff(name, text, formatted.text) : undefined;
    if (diff !== undefined && !terminal.json)
      terminal.write(encode({ text: paintDiff(diff, terminal.style), encoding }));
    if (!looking && (changed || stdin)) await put(encode({ text: formatted.text, encoding }));
    files.push({
      file: name,
      changed,
      ...(diff === undefined ? {} : { diff }),
      ...(stdin && !looking ? { content: formatted.text } : {}),
    });
  };
  if (stdin) {
    await work(STDIN, await readStdin(), (bytes) => (terminal.json ? undefined : terminal.write(bytes)));
  } else {
    for (const { name, path } of await findNginxFiles(args, cwd)) {
      const bytes = await readFile(path).catch((error: Error) => {
        broken.set(name, [{ message: `cannot read ${name}: ${error.message}` }]);
      });
      if (!bytes) continue;
      await work(name, bytes, (bytes) => replaceFile(path, bytes)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === undefined) throw error;
        unwritten.push(`${name}: ${error.message}`);
      });
    }
  }
  return tell(invocation, files, broken, unwritten);
}

function tell(
  { options, terminal }: Invocation,
  files: readonly Entry[],
  broken: ReadonlyMap<string, readonly Problem[]>,
  unwritten: readonly string[],
): Outcome {
  const changed = files.filter((entry) => entry.changed);
  const check = options['check'] === true;
  const diff = options['diff'] === true;
  if (!terminal.json) {
    for (const { file } of changed) {
      if (check && !diff) terminal.print(file);
      else if (!diff && file !== STDIN) terminal.note(`  ${file}`);
    }
    const does = check || diff ? 'would change' : 'formatted';
    const count = files.length === 1 ? '1 file' : `${files.length} files`;
    if (files[0]?.file !== STDIN) terminal.note(`${changed.length} of ${count} ${does}`);
  }
  const done = { files };
  if (broken.size > 0) {
    const problems = [...[...broken.values()].flat(), ...unwritten.map((message) => ({ message }))];
    throw new InvalidInput([...broken.keys()], problems, { done });
  }
  if (unwritten.length > 0) {
    throw new UserError('failed', 'cannot-write', 'some files could not be written and are as they were', {
      evidence: unwritten,
      done,
    });
  }
  if (terminal.json) terminal.printJson(done);
  return check && changed.length > 0 ? 1 : 0;
}

/** One level of indentation. */
function stepOf(option: string | boolean | undefined): string {
  if (option === undefined) return ' '.repeat(4);
  if (option === 'tab') return '\t';
  if (typeof option === 'string' && /^(?:[1-9]|1[0-6])$/u.test(option)) return ' '.repeat(Number(option));
  throw new UserError('usage', 'bad-indent', `--indent takes 1 to 16 or tab, not ${String(option)}`);
}
