/** A part of a text in which `$name` and `${name}` stand for NGINX variables and `$$` for a dollar sign. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly start: number; readonly end: number }
  /** A dollar sign that starts neither a variable nor `$$`. */
  | { readonly kind: 'stray'; readonly start: number; readonly end: number };

const DOLLAR = /\$(?:\$|(\w+)|\{(\w+)\})?/gu;

/** Splits a template; offsets count from the start of the text. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of text.matchAll(DOLLAR)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    const [whole, bare, braced] = match;
    const name = bare ?? braced;
    from = match.index + whole.length;
    if (name !== undefined) parts.push({ kind: 'variable', name, start: match.index, end: from });
    else if (whole === '$$') parts.push({ kind: 'text', text: '$' });
    else parts.push({ kind: 'stray', start: match.index, end: from });
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}
