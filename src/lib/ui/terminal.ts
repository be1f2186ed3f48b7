import { fold } from './fold.ts';
import { colorStyle, plainStyle, type Style } from './style.ts';

/** The two streams and what they can show. Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** `--json`: stdout carries one JSON document and nothing else. */
  readonly json: boolean;
  /** Width of stdout in columns; where it is not a terminal that of `COLUMNS`, or 80, or less where stderr is narrower. */
  readonly width: number;
  /** Columns that a line on stdout has; without end where it is not a terminal. */
  readonly columns: number;
  /** The same of stderr. */
  readonly noteColumns: number;
  /** Whether stderr is a terminal that can redraw a line, so that a spinner makes sense. */
  readonly live: boolean;
  /** Whether what is shown may hold characters beyond ASCII: not where the locale has another encoding than UTF-8. */
  readonly unicode: boolean;
  /** Whether a question can be asked and answered. */
  readonly interactive: boolean;
  /** Colours for stdout, which do nothing where it is not a colour terminal. */
  readonly style: Style;
  /** Colours for stderr. */
  readonly noteStyle: Style;
  /** Writes a result for people to stdout, with a newline at the end; on a terminal words are kept whole. */
  print(text: string): void;
  /** Writes a text that other programs read to stdout, in UTF-8 whatever the locale is, with a newline at the end. */
  printDocument(text: string): void;
  /** Writes bytes to stdout as they are. */
  write(bytes: Uint8Array): void;
  /** Writes the JSON document of a command; adds `schemaVersion`. */
  printJson(document: Readonly<Record<string, unknown>>): void;
  /** Clears the terminal that stdout is and writes a screen, for what is watched. */
  redraw(text: string): void;
  /** Writes a remark to stderr, with a newline at the end; on a terminal words are kept whole. */
  note(text: string): void;
  /** Writes lines of files to stderr, which stay lines when they are copied. */
  quote(text: string): void;
}

/** What is needed of `process.stdout` and `process.stderr`. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(data: string | Uint8Array): unknown;
}

interface TerminalInput {
  /** The streams are looked at when they are needed: Node opens them then, which takes time. */
  readonly stdin: () => { readonly isTTY?: boolean };
  readonly stdout: () => Output;
  readonly stderr: () => Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  /** False after `--no-color`. */
  readonly color: boolean;
}

/**
 * Whether the locale is one of UTF-8. Where nothing says which it is, as in containers and under cron, it is taken to be:
 * what reads there does so.
 */
export function isUtf8({ LC_ALL, LC_CTYPE, LANG }: TerminalInput['env']): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8';
  return /utf-?8/iu.test(locale);
}

/** Columns of text that goes nowhere known. */
const USUAL_WIDTH = 80;

/** Version of the JSON documents; raised only when a key changes its meaning or goes. */
const JSON_SCHEMA_VERSION = 1;

/** Looks at the streams and the environment once and says what can be shown where. */
export async function createTerminal({
  stdin,
  stdout,
  stderr,
  env,
  json,
  color,
}: TerminalInput): Promise<Terminal> {
  const dumb = env['TERM'] === 'dumb';
  const plain = !color || dumb || (env['NO_COLOR'] ?? '') !== '';
  const outIsTerminal = stdout().isTTY === true;
  const errIsTerminal = stderr().isTTY === true;
  const colored = !plain && (outIsTerminal || errIsTerminal) ? await colorStyle() : plainStyle;
  const unicode = isUtf8(env);
  const shown = unicode ? (text: string) => text : (await import('./ascii.ts')).inAscii;
  const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
  const kept = (text: string, { columns = 0 }: Output, quoted = false): string =>
    columns > 0 ? fold(shown(text), { columns, quoted }) : shown(text);
  // a pager shows what comes through a pipe, on the terminal that stderr is
  const usualWidth = (): number => Math.min(stderr().columns || USUAL_WIDTH, USUAL_WIDTH);
  return {
    json,
    unicode,
    get width() {
      return stdout().columns || Number(/^\d{1,4}$/u.exec(env['COLUMNS'] ?? '')) || usualWidth();
    },
    get columns() {
      return stdout().columns || Infinity;
    },
    get noteColumns() {
      return stderr().columns || Infinity;
    },
    // a terminal without a width, as some programs open them, cannot be redrawn
    live: errIsTerminal && (stderr().columns ?? 0) > 0 && !dumb && !json,
    get interactive() {
      return stdin().isTTY === true && errIsTerminal && !dumb;
    },
    style: outIsTerminal ? colored : plainStyle,
    noteStyle: errIsTerminal ? colored : plainStyle,
    print: (text) => void stdout().write(line(kept(text, stdout()))),
    printDocument: (text) => void stdout().write(line(text)),
    write: (bytes) => void stdout().write(bytes),
    printJson: (document) =>
      void stdout().write(
        `${JSON.stringify({ schemaVersion: JSON_SCHEMA_VERSION, ...document }, null, 2)}\n`,
      ),
    redraw: (text) => void stdout().write(`\u001B[2J\u001B[3J\u001B[H${kept(text, stdout())}\n`),
    note: (text) => void stderr().write(`${kept(text, stderr())}\n`),
    quote: (text) => void stderr().write(`${kept(text, stderr(), true)}\n`),
  };
}
