const PART = /\$(?:\{(\w+)\}|([1-9])|(\w+))/gu;

/** Names of the variables in a text, in lower case and without `$`; `1` to `9` are captures. */
export function namesIn(text: string): string[] {
  return partsOf(text).flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
}

/** A text, taken apart at its variables. */
export function partsOf(text: string): (string | { readonly name: string })[] {
  if (!text.includes('$')) return text === '' ? [] : [text];
  const parts: (string | { readonly name: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(PART)) {
    const [written, braced, capture, plain] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({ name: (braced ?? capture ?? plain ?? '').toLowerCase() });
    end = match.index + written.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}
