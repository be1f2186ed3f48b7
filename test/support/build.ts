import { execFileSync } from 'node:child_process';

/** Builds the program once for all tests that run it as users do, where `npm test` has not just done so. */
export default function build(): void {
  if (process.env['LBCTL_BUILT']) return;
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
}
