import type { Form } from './origins.ts';

// Values can be made of each other in ways without end: what is looked at of them is bounded, and it is enough for all
// that people write.
export const LONGEST_WAY = 12;
const MOST_FORMS = 64;
const MOST_PIECES = 24;

/** The forms of a text whose parts have some each, one behind the other. */
export function joined(parts: readonly Form[][]): Form[] {
  // each form of each part is in one of them; all of them put together would be too many
  const count = Math.max(1, ...parts.map((forms) => forms.length));
  const product = parts.reduce((most, forms) => most * Math.max(1, forms.length), 1);
  if (product <= count || product > MOST_FORMS)
    return Array.from({ length: Math.min(count, MOST_FORMS) }, (_, index) =>
      parts.flatMap((forms) => forms[index % forms.length] ?? []).slice(0, MOST_PIECES),
    );
  let all: Form[] = [[]];
  for (const forms of parts) {
    const more = forms.length === 0 ? [[]] : forms;
    all = all.flatMap((start) => more.map((form) => [...start, ...form].slice(0, MOST_PIECES)));
  }
  return all;
}

/** Forms of what a variable of the configuration is made of. */
export function under(way: string, forms: readonly Form[]): Form[] {
  return forms.map((form) =>
    form.map((piece) =>
      typeof piece === 'string'
        ? piece
        : { ...piece, through: [way, ...piece.through.slice(0, LONGEST_WAY)] },
    ),
  );
}

/** Forms of which there are not too many, those with variables first. */
export function someOf(forms: Form[]): Form[] {
  if (forms.length <= MOST_FORMS) return forms;
  const made = forms.filter((form) => form.some((piece) => typeof piece !== 'string'));
  return [...made, ...forms.filter((form) => !made.includes(form))].slice(0, MOST_FORMS);
}
