import { prompted } from './prompted.ts';
import { promptTheme, type PromptScreen, questionText } from './prompt-theme.ts';

/**
 * Asks on the terminal; the default is no.
 * @throws Aborted on Ctrl-C and Ctrl-D.
 */
export async function askYesOrNo(question: string, screen: PromptScreen): Promise<boolean> {
  const message = questionText(question, screen);
  const theme = promptTheme(message, screen);
  const answer = await prompted((prompt) =>
    prompt([{ type: 'confirm', name: 'answer', message, default: false, theme }]),
  );
  return answer === true;
}
