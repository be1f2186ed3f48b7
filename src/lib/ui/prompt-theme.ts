import { inAscii } from './ascii.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

export type PromptScreen = Pick<Terminal, 'noteStyle' | 'noteColumns' | 'unicode'>;

/** A question with what stands behind its sign, broken where the terminal ends. */
export function questionText(question: string, { noteColumns }: PromptScreen): string {
  return wrap(question, noteColumns - 1, '? ', '  ')
    .join('\n')
    .slice(2);
}

/** A choice as it stands behind the pointer. */
export function choiceText(choice: string, { noteColumns }: PromptScreen): string {
  return wrap(choice, noteColumns, '  ', '    ').join('\n').slice(2);
}

/**
 * How prompts look: in the colours and signs of all that lbctl shows. What does not fit behind the question stands
 * below it, as inquirer breaks lines in the middle of words.
 * @param question as `questionText` gives it.
 */
export function promptTheme(question: string, { noteStyle: style, noteColumns, unicode }: PromptScreen) {
  const room = noteColumns - (question.split('\n').at(-1)!.length + 3);
  const behind = (text: string): string =>
    text.length < room ? text : `\n${wrap(text, noteColumns - 1, '  ').join('\n')}`;
  const sign = (text: string): string => (unicode ? text : inAscii(text));
  return {
    prefix: { idle: style.cyan('?'), done: style.green(sign('✓')) },
    icon: { cursor: sign('❯') },
    style: {
      message: (text: string) => style.bold(text),
      answer: (text: string) => style.cyan(behind(text)),
      defaultAnswer: (text: string) => style.dim(behind(`(${text})`)),
      error: (text: string) => style.red(wrap(text, noteColumns, '> ', '  ').join('\n')),
      highlight: (text: string) => style.cyan(text),
      keysHelpTip: () => style.dim('Up and Down move, Enter takes it'),
    },
  };
}
