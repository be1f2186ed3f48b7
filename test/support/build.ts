import { execFileSync } from 'node:child_process';

/** Builds the program once for all tests that run it as users do. */
export default function build(): void {
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
}
