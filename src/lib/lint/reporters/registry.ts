import type { Finding } from '../finding.ts';
import { checkstyle } from './checkstyle.ts';
import { compact } from './compact.ts';
import { github } from './github.ts';
import { junit } from './junit.ts';

/** Makes a text of findings; `files` are the names of all files that were looked at. */
export type Reporter = (findings: readonly Finding[], files: readonly string[]) => string;

/** Forms of output beside the one for people and `--json`. */
export const reporters: Readonly<Record<string, Reporter>> = { checkstyle, compact, github, junit };
