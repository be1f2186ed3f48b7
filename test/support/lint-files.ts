import { readFiles } from '../../src/lib/source/include-files.ts';
import { type LintResult, type LintSettings, lintSteps } from '../../src/lib/source/linting/run.ts';
import type { NginxFile } from '../../src/lib/source/nginx-files.ts';

/** Looks through files of this machine in one go. */
export function lintFiles(list: readonly NginxFile[], settings: LintSettings): LintResult {
  const steps = lintSteps(list, settings, { machine: readFiles(), lintBalancer: undefined });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
