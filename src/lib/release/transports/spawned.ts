import { spawn } from 'node:child_process';
import type { Ran, RunOptions } from './transport.ts';

/** Starts a program of this machine and waits for its end; what it says is kept and told line by line. */
export function spawned(words: readonly string[], { input, onLine }: RunOptions = {}): Promise<Ran> {
  const [program = '', ...args] = words;
  // NGINX takes the variable of its name for sockets that it inherits
  const { NGINX: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    // a group of its own: Ctrl-C is for lbctl, which decides what becomes of the work
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env });
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
