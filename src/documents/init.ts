import { about, flag, list, map, object, orNull, type Schema, text, word } from './notation.ts';

export const init: Readonly<Record<string, Schema>> = {
  file: about('the lb.yaml', text),
  answers: about('by question', map({})),
  files: list(object({ path: text, action: word('create', 'replace', 'add', 'keep') })),
  servers: list(object({ address: text, reachable: orNull(flag), trouble: orNull(text) })),
  next: about('commands to go on with', list(text)),
};
