import { createPromptModule } from 'inquirer';
import { Aborted } from '../errors.ts';
import { choiceText, promptTheme, type PromptScreen, questionText } from './prompt-theme.ts';

/** A prompt for one answer. */
interface Prompt {
  readonly message: string;
  /** Answers to choose from; any text where left out. */
  readonly choices?: readonly { readonly value: string; readonly name: string }[] | undefined;
  readonly byDefault: string | undefined;
  /** Whether the default is put into the line, to be changed or taken out. */
  readonly editable: boolean;
  /** What is wrong with an answer; undefined where nothing is. */
  complaint(text: string): string | undefined;
}

/**
 * Asks on the terminal, by stderr. Esc gives undefined: back to the question before.
 * @throws Aborted on Ctrl-C.
 */
export async function ask(
  { message: question, choices, byDefault, editable, complaint }: Prompt,
  screen: PromptScreen,
): Promise<string | undefined> {
  const going = new AbortController();
  const onKey = (_: unknown, key?: { readonly name?: string }): void => {
    if (key?.name === 'escape') going.abort();
  };
  // inquirer itself makes keys of what stdin brings
  process.stdin.on('keypress', onKey);
  const prompt = createPromptModule({ output: process.stderr, signal: going.signal });
  const message = questionText(question, screen);
  const theme = promptTheme(message, screen);
  const common = { name: 'answer', message, theme, default: byDefault } as const;
  try {
    const { answer } = choices
      ? await prompt([
          {
            ...common,
            type: 'select' as const,
            choices: choices.map(({ value, name }) => ({
              value,
              name: choiceText(name, screen),
              short: name,
            })),
            pageSize: 12,
            loop: false,
          },
        ])
      : await prompt([
          {
            ...common,
            type: 'input' as const,
            prefill: editable ? ('editable' as const) : ('tab' as const),
            validate: (text: string) => complaint(text.trim()) ?? true,
          },
        ]);
    return answer.trim();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'AbortPromptError') return undefined;
    if (error.name === 'ExitPromptError') throw new Aborted('stopped; nothing was written');
    throw error;
  } finally {
    process.stdin.off('keypress', onKey);
  }
}
