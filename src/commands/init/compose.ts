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
 * @throws InvalidInput where lb.yaml would not be accepted, as where the certificate that is named is not there.
 */
export async function compose(given: Given, facts: Facts, { file, path, folder }: Goal): Promise<Composed> {
  const answers = readAnswers(given, new Set(questionsFor(given, facts).map(({ id }) => id)));
  const text = lbYaml(answers);
  const loaded = await loadText(text, file, folder);
  return { answers, text, loaded, drafts: draftsOf({ name: file, path, text }, answers.preCommit) };
}

/** Servers that are named, whichever path they are for. */
export function serversOf({ servers, paths }: Answers): readonly string[] {
  return [...new Set([...servers, ...paths.flatMap((path) => path.servers)])];
}
