import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Context } from '../../src/lib/nginx/directives/contexts.ts';
import type { Target } from '../../src/lib/nginx/directives/knowledge.ts';
import { check } from '../../src/lib/nginx/check/walk.ts';
import { loadConfiguration } from '../../src/lib/nginx/include/load.ts';
import { positions } from '../../src/lib/nginx/syntax/position.ts';
import { readFiles } from '../../src/lib/source/include-files.ts';
import { excused } from './excuses.ts';

/** One configuration that NGINX and the checks judge differently. */
export interface Disagreement {
  readonly kind: 'missed' | 'false alarm' | 'elsewhere';
  readonly text: string;
  /** What NGINX says, or what the checks say. */
  readonly message: string;
}

export interface Judge {
  /** Path of NGINX's program. */
  readonly nginx: string;
  /** A folder that NGINX may write to, with all that the configurations refer to. */
  readonly folder: string;
  readonly target: Target;
}

/** What came of one configuration. */
export type Outcome = 'both take it' | 'both refuse it' | 'not of the text' | Disagreement;

/** Has both judge a configuration. */
export async function compare(judge: Judge, name: string, text: string): Promise<Outcome> {
  const path = join(judge.folder, `${name}.conf`);
  writeFileSync(path, text);
  const [ours, theirs] = [findings(judge, path), await nginxTest(judge, path)];
  if (excused(theirs, ours, text)) return 'not of the text';
  if (theirs === undefined)
    return ours.length === 0 ? 'both take it' : { kind: 'false alarm', text, message: ours.join('\n') };
  if (ours.length === 0) return { kind: 'missed', text, message: theirs };
  return nearby(theirs, ours)
    ? 'both refuse it'
    : { kind: 'elsewhere', text, message: `${theirs}\n${ours.join('\n')}` };
}

/** What NGINX notices behind the place that is to blame. */
const LATE =
  /unexpected|zone ".*" is unknown|_buffers|_buffer_size|is duplicate|no "|too long parameter|closing bracket|invalid variable name|cannot be mixed/u;

/** Whether a finding stands where NGINX sees a fault; it counts the line on which a directive ends. */
function nearby(theirs: string, ours: readonly string[]): boolean {
  const place = / in (\S+):(\d+)$/u.exec(theirs);
  if (!place || LATE.test(theirs)) return true;
  const [, file, line] = place;
  return ours.some((finding) => {
    const own = /^(.*?):(\d+) (\S+)/u.exec(finding)!;
    // what is amiss with braces, quotes and semicolons shows anywhere behind
    if (STRUCTURE.test(own[3]!)) return true;
    const behind = Number(line) - Number(own[2]);
    return own[1] === file && behind >= -LONGEST && behind <= LONGEST;
  });
}

const STRUCTURE = /^syntax\/(?:missing-|unclosed-|unexpected)/u;

/** Lines that a directive with quoted program text may have; NGINX names the last one. */
const LONGEST = 30;

/** The findings of the syntax checks, one a line. */
function findings({ target }: Pick<Judge, 'target'>, path: string): string[] {
  const loaded = loadConfiguration(path, readFiles());
  const lines: string[] = [];
  for (const { name, document } of loaded.files) {
    const at = positions(document.text);
    for (const { rule, message, start } of document.problems)
      lines.push(`${name}:${at(start).line} ${rule} ${message}`);
  }
  const faults = [
    ...loaded.problems.filter(({ rule }) => rule.startsWith('syntax/')),
    ...check(loaded, target, Context.main),
  ];
  for (const { rule, message, file, start } of faults)
    lines.push(`${file.name}:${positions(file.document.text)(start).line} ${rule} ${message}`);
  return lines;
}

/** NGINX's own complaint; undefined where it accepts. Without rights, so that no path that it is given can do harm. */
function nginxTest({ nginx, folder }: Judge, path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const rights = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(nginx, ['-t', '-p', folder, '-c', path, '-e', 'stderr'], {
      ...rights,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 20_000,
    });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    child.on('error', reject);
    child.on('close', (status) => {
      const line = output
        .split('\n')
        .find((one) => /\[(?:emerg|alert|crit)\]/u.test(one) && !/accept filters/u.test(one));
      resolve(status === 0 ? undefined : (line ?? output));
    });
  });
}
