import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from './cli.ts';
import { temporaryFolder } from './folder.ts';
import { atEnd } from './lifetime.ts';
import { until } from './wait.ts';

/** Somebody in front of a terminal. */
export interface Typist {
  /** Presses keys, by the names that tmux has for them: `Enter`, `Escape`, `Down`, `C-c`. */
  press(...keys: readonly string[]): void;
  /** Types text as it is. */
  type(text: string): void;
  /** Waits until a text is to be read, wherever lines end, and gives the screen with what has left it at the top. */
  reads(text: string): Promise<string>;
  /** What stands there, each line of the program as one, however many of the terminal it takes. */
  screen(): string;
  /** Waits for a question, and answers it: with text, or by Enter alone. */
  answer(question: string, text?: string): Promise<void>;
  /** How the program has ended. */
  ended(): Promise<number>;
}

/** Starts lbctl in a terminal of its own. */
export async function typist(
  args: readonly string[],
  {
    cwd,
    env = {},
    columns = 80,
    into = '/dev/tty',
  }: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly columns?: number;
    /** Where stdout goes, if not to the terminal. */
    readonly into?: string;
  },
): Promise<Typist> {
  const folder = await temporaryFolder();
  const [socket, end] = [join(folder, 'tmux'), join(folder, 'end')];
  const tmux = (...words: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const size = ['-x', String(columns), '-y', '50'];
  // what is read must still be there when the program has ended
  const script = `"$@" > '${into}'; echo $? > '${end}.new'; mv '${end}.new' '${end}'; exec sleep 600`;
  const command = ['sh', '-c', script, 'sh', process.execPath, PROGRAM, ...args];
  const start = ['start-server', ';', 'set-option', '-s', 'escape-time', '0', ';', 'new-session', '-d'];
  tmux(...start, ...size, ...variables, '-c', cwd, ...command);
  atEnd(async () => void tmux('kill-server'));
  const screen = (): string => tmux('capture-pane', '-p', '-J', '-S', '-');
  const plain = (text: string): string => text.replaceAll(/\s+/gu, ' ');
  /** Waits for something to be seen; what is there instead is told. */
  async function told<T>(what: string, ask: () => T | false): Promise<T> {
    try {
      return await until(what, ask);
    } catch (cause) {
      throw new Error(`${(cause as Error).message}\n${screen()}`, { cause });
    }
  }
  const self: Typist = {
    screen,
    press: (...keys) => void tmux('send-keys', ...keys),
    type: (text) => void tmux('send-keys', '-l', text),
    reads: (text) => told(`"${text}"`, () => plain(screen()).includes(text) && screen()),
    async answer(question, text = '') {
      // the last line with a question is the one that is open
      const open = (): string => plain(screen().slice(screen().lastIndexOf('\n? ')));
      await told(`the question "${question}"`, () => open().startsWith(` ? ${question}`));
      if (text !== '') self.type(text);
      self.press('Enter');
    },
    ended: async () => {
      const code = await told('the end', () => existsSync(end) && readFileSync(end, 'utf8').trim());
      return Number(code);
    },
  };
  return self;
}
