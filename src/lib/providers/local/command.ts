import { execFile } from 'node:child_process';

/** How a program ended. */
export interface Outcome {
  readonly code: number;
  /** Standard output and error, in lines. */
  readonly lines: readonly string[];
}

/** Longest time that a program may take, in milliseconds. */
const TIMEOUT = 30_000;

/** Runs a program with arguments as they are, without a shell. Never throws: a program that is missing gives code 127. */
export function run(program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    // NGINX takes the variable of its name for sockets that it inherits
    const { NGINX: _, ...env } = process.env;
    execFile(program, args, { timeout: TIMEOUT, encoding: 'utf8', env }, (error, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
      if (!error) return resolve({ code: 0, lines });
      const code = typeof error.code === 'number' ? error.code : 127;
      return resolve({ code, lines: lines.length > 0 ? lines : [error.message] });
    });
  });
}
