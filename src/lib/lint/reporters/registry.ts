import { checkstyle } from './checkstyle.ts';
import { compact } from './compact.ts';
import { github } from './github.ts';
import { junit } from './junit.ts';
import type { Report } from './report.ts';
import { sarif } from './sarif.ts';

/** Makes a text of what was found. */
export type Reporter = (report: Report) => string;

/** Forms of output beside the one for people and `--json`. */
export const reporters: Readonly<Record<string, Reporter>> = { checkstyle, compact, github, junit, sarif };
