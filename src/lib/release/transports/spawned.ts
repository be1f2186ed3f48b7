import { spawn } from 'node:child_process';
import type { Ran, RunOptions } from './transport.ts';

interface SpawnOptions extends RunOptions {
  /** Variables beside those of lbctl. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds after which the program is told to end. */
  readonly timeout?: number | undefined;
  /** Ends the program; the promise is rejected then. */
  readonly signal?: AbortSignal | undefined;
}

/** Starts a program of this machine and waits for its end; what it says is kept and told line by line. */
export function spawned(
  words: readonly string[],
  { input, onLine, env: more, timeout, signal }: SpawnOptions = {},
): Promise<Ran> {
  const [program = '', ...args] = words;
  // NGINX takes the variable of its name for sockets that it inherits
  const { NGINX: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // a group of its own: Ctrl-C is for lbctl, which decides what becomes of the work
      detached: true,
      env: { ...env, ...more },
      timeout,
      signal,
    });
    let [stdout, stderr, rest] = ['', '', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (!onLine) return;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    // whoever ends without reading its input has its reason, which its exit code tells
    child.stdin.on('error', () => undefined).end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      if (rest !== '') onLine?.(rest);
      resolve({ code, stdout, stderr });
    });
  });
}
