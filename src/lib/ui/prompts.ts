import inquirer from 'inquirer';
import { Aborted } from '../errors.ts';

/** Asks on the terminal; the default is no. Ctrl-C throws `Aborted`. */
export async function askYesOrNo(question: string): Promise<boolean> {
  try {
    const { answer } = await inquirer.prompt([
      { type: 'confirm', name: 'answer', message: question, default: false },
    ]);
    return answer === true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Aborted();
    throw error;
  }
}
