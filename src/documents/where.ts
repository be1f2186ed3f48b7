import { about, flag, list, number, object, orNull, type Schema, text } from './notation.ts';

const outcome = object({
  share: about('of the questions, from 0 to 1', number),
  values: list(text),
  rules: list(text),
});

const client = object({
  from: text,
  name: text,
  answer: about('in words', text),
  rule: about('that decides', text),
  outcomes: list(outcome),
});

const live = object({
  name: text,
  type: text,
  answer: about('what the name servers of Route 53 say', list(text)),
  code: about('of the answer, such as NOERROR', text),
  expected: about('whether anybody is to get that', flag),
  rules: list(text),
  clients: list(text),
});

/** Who gets what, or with `--live` what one client gets and whether it should. */
export function dnsWhere(document: (keys: Readonly<Record<string, Schema>>) => Schema): Schema {
  return {
    ...document({}),
    anyOf: [
      document({ names: list(object({ name: text, type: text, clients: list(client) })) }),
      document({ from: about('an address', orNull(text)), names: list(live) }),
    ],
  };
}
