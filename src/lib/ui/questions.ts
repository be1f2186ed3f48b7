import { prompted } from './prompted.ts';
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
 * Asks on the terminal. Esc gives undefined: back to the question before.
 * @throws Aborted on Ctrl-C and Ctrl-D.
 */
export async function ask(
  { message: question, choices, byDefault, editable, complaint }: Prompt,
  screen: PromptScreen,
): Promise<string | undefined> {
  const message = questionText(question, screen);
  const theme = promptTheme(message, screen);
  const common = { name: 'answer', message, theme, default: byDefault } as const;
  const options = choices?.map(({ value, name }) => ({
    value,
    name: choiceText(name, screen),
    short: name,
  }));
  const answer = await prompted<string>(
    (prompt) =>
      options
        ? prompt([{ ...common, type: 'select' as const, choices: options, pageSize: 12 }])
        : prompt([
            {
              ...common,
              type: 'input' as const,
              prefill: editable ? ('editable' as const) : ('tab' as const),
              validate: (text: string) => complaint(text.trim()) ?? true,
            },
          ]),
    { goesBack: true, stopped: 'stopped; nothing was written' },
  );
  return answer?.trim();
}
