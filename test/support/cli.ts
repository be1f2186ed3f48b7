import { type ChildProcess, spawn } from 'node:child_process';
import { assertDocument } from './documents.ts';

/** The launcher of the built program. */
export const PROGRAM = new URL('../../bin/lbctl.js', import.meta.url).pathname;

/** How a run of lbctl ended. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Setting {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs it as another user, which only root may. */
  readonly uid?: number;
  /** What stdin holds; it is empty when left out. */
  readonly input?: string | Uint8Array;
  /** Given the process as soon as it runs, to send it a signal. */
  readonly watch?: (process: ChildProcess) => void;
}

/** Runs lbctl without a terminal. What it prints under `--json` has to be what the schema of the command says. */
export function lbctl(args: readonly string[], { cwd, env = {}, uid, input, watch }: Setting): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd,
      env: { ...process.env, ...env },
      ...(uid === undefined ? {} : { uid, gid: uid }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdin?.end(input);
    child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      try {
        if (args.includes('--json') && signal === null) assertDocument(args, stdout);
        resolve({ code, signal, stdout, stderr });
      } catch (error) {
        reject(error as Error);
      }
    });
    watch?.(child);
  });
}
