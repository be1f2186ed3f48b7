/** Words that YAML takes for something else than text; those of older versions too, as other programs read the file. */
const NOT_TEXT = /^(?:true|false|null|yes|no|on|off|y|n|~)$/iu;
const NUMBER = /^[-+]?(?:0x[0-9a-f]+|0o[0-7]+|[\d.,_:]+(?:e[-+]?\d+)?|\.inf|\.nan)$/iu;
/** An address and a port are no number of base 60 for any reader. */
const SOCKET = /^\d+(?:\.\d+){3}(?::\d+)?$/u;
const PLAIN = /^[A-Za-z0-9/_](?:[\w./@:*+~-]*[\w./@*+~-])?$/u;

/** A text as YAML, in quotes where it would be read as something else without. */
export function scalar(text: string): string {
  const isPlain = PLAIN.test(text) && !NOT_TEXT.test(text) && (SOCKET.test(text) || !NUMBER.test(text));
  return isPlain ? text : JSON.stringify(text);
}

/** A key whose value is a text, or a list of several. */
export function oneOrMore(indent: string, key: string, texts: readonly string[]): string[] {
  const [first = '', ...more] = texts.map(scalar);
  if (more.length === 0) return [`${indent}${key}: ${first}`];
  return [`${indent}${key}:`, ...[first, ...more].map((text) => `${indent}  - ${text}`)];
}
