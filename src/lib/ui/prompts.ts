import { createPromptModule } from 'inquirer';
import { Aborted } from '../errors.ts';
import { promptTheme, type PromptScreen, questionText } from './prompt-theme.ts';

/** Asks on the terminal, by stderr; the default is no. Ctrl-C throws `Aborted`. */
export async function askYesOrNo(question: string, screen: PromptScreen): Promise<boolean> {
  const message = questionText(question, screen);
  try {
    const { answer } = await createPromptModule({ output: process.stderr })([
      { type: 'confirm', name: 'answer', message, default: false, theme: promptTheme(message, screen) },
    ]);
    return answer === true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Aborted();
    throw error;
  }
}
