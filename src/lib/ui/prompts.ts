import inquirer from 'inquirer';
import { Aborted } from '../errors.ts';
import type { Terminal } from './terminal.ts';

/** Signs of the question, before and after it is answered. */
const PLAIN = { prefix: { idle: '?', done: '+' } };

/** Asks on the terminal; the default is no. Ctrl-C throws `Aborted`. */
export async function askYesOrNo(question: string, { unicode }: Pick<Terminal, 'unicode'>): Promise<boolean> {
  try {
    const { answer } = await inquirer.prompt([
      {
        type: 'confirm',
        name: 'answer',
        message: question,
        default: false,
        ...(unicode ? {} : { theme: PLAIN }),
      },
    ]);
    return answer === true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Aborted();
    throw error;
  }
}
