/**
 * Whether a text is in the language of ModSecurity, whose files lie in NGINX's folders under names that end in .conf
 * too: its first directive is one of ModSecurity's, or it includes files without the `;` of NGINX and does nothing else.
 */
export function isModSecurity(text: string): boolean {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) return false;
  return /^Sec[A-Z]/u.test(lines[0]!) || lines.every((line) => /^include\s+[^\s;]+$/iu.test(line));
}
