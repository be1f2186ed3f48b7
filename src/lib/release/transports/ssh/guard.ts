import { type ChildProcess, spawn } from 'node:child_process';

/** Reads folders, and clears them away once nobody is left who could name more. */
const SCRIPT = `
while read -r folder; do set -- "$@" "$folder"; done
for folder in "$@"; do
  for socket in "$folder"/*; do [ -S "$socket" ] && ssh -F none -O exit -S "$socket" -- node; done
  rm -rf "$folder"
done`;

let guard: ChildProcess | undefined;

/**
 * Ends the connections whose sockets are in a folder, and removes it, when lbctl has ended without doing so: a program
 * beside it notices, however it ended.
 */
export function clearAfterwards(folder: string): void {
  if (guard === undefined) {
    // a session of its own: what is sent to lbctl by the terminal does not reach it
    guard = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], cwd: '/', detached: true });
    // without it, connections end by themselves after a while
    guard.on('error', () => undefined);
    guard.stdin!.on('error', () => undefined);
    guard.unref();
    (guard.stdin as unknown as { unref(): void }).unref();
  }
  guard.stdin!.write(`${folder}\n`);
}
