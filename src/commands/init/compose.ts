import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import { type Answers, readAnswers } from '../../lib/init/answers.ts';
import { lbYaml } from '../../lib/init/lb-yaml.ts';
import type { Facts, Given } from '../../lib/init/question.ts';
import { questionsFor } from '../../lib/init/questions.ts';
import { type Loaded, loadText } from '../../lib/source/load.ts';
import { type Draft, draftsOf } from './files.ts';

/** The file that is asked for. */
export interface Goal {
  /** As the person named it. */
  readonly file: string;
  readonly path: string;
  readonly folder: string;
}

/** What answers make. */
export interface Composed {
  readonly answers: Answers;
  readonly text: string;
  readonly loaded: Loaded;
  readonly drafts: readonly Draft[];
}

/**
 * Makes the files of all answers, without writing them.
 * @throws UserError where a file that is named is not there.
 * @throws InvalidInput where lb.yaml would not be accepted, as where the certificate is none.
 */
export async function compose(given: Given, facts: Facts, { file, path, folder }: Goal): Promise<Composed> {
  const answers = readAnswers(given, new Set(questionsFor(given, facts).map(({ id }) => id)));
  checkFiles(answers, folder);
  const text = lbYaml(answers);
  const loaded = await loadText(text, file, folder);
  return { answers, text, loaded, drafts: draftsOf({ name: file, path, text }, answers.preCommit) };
}

/** Servers that are named, whichever path they are for. */
export function serversOf({ servers, paths }: Answers): readonly string[] {
  return [...new Set([...servers, ...paths.flatMap((path) => path.servers)])];
}

/** Whether a file that travels along is not there; one with an absolute path is on the nodes. */
export function isMissing(file: string, folder: string): boolean {
  return !isAbsolute(file) && !existsSync(join(folder, file));
}

function checkFiles({ https }: Answers, folder: string): void {
  if (https?.by !== 'files') return;
  const missing = (['certificate', 'key'] as const)
    .filter((id) => isMissing(https[id], folder))
    .map((id) => `--${id}: there is no file ${https[id]}`);
  const [first, ...more] = missing;
  if (first === undefined) return;
  throw new UserError('input', 'missing-file', more.length === 0 ? first : 'files are missing', {
    evidence: more.length === 0 ? [] : missing,
    hint: 'a relative path starts at the folder of lb.yaml; an absolute one names a file on the node',
  });
}
