/**
 * Text of files and their names for a terminal: characters that steer it are shown by their pictures, each as one
 * column, so that a configuration of somebody else's can neither clear the screen nor hide what is told.
 */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\n-\u001F\u007F-\u009F]/gu, (character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x20) return String.fromCodePoint(0x24_00 + code);
    return code === 0x7f ? '\u2421' : '\uFFFD';
  });
}

/** The same where a text may have several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
