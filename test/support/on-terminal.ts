import { spawn } from 'node:child_process';
import { PROGRAM } from './cli.ts';

/** What a terminal of so many columns gets, with what steers it. */
export function onTerminal(
  args: readonly string[],
  {
    columns,
    cwd,
    env = {},
  }: { readonly columns: number; readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  // whoever runs the tests may want no colours, and in a pipeline nobody looks at them
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...inherited } = process.env;
  const words = [process.execPath, PROGRAM, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const line = `stty cols ${columns}; exec ${words.join(' ')}`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd,
    env: { ...inherited, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => resolve(shown.replaceAll('\r\n', '\n')));
  });
}
