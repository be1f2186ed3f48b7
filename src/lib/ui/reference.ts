import type { Section } from '../balancer/reference.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What is more than this is hard to read, however wide a terminal is. */
const WIDEST = 80;

/** A mapping of lb.yaml with its keys, and the names of the mappings below it. */
export function renderSection(
  { path, description, keys }: Section,
  below: readonly string[],
  style: Style,
  width: number,
): string {
  const room = Math.min(width, WIDEST);
  const head = [style.bold(path === '' ? 'The file' : path)];
  if (description !== '') head.push(wrap(description, room, '').join('\n'));
  const lines = keys.flatMap(({ key, required, value, default: byDefault, meaning }) => {
    const notes = [
      value.replaceAll('`', ''),
      ...(required ? ['required'] : []),
      ...(byDefault === '' ? [] : [`default ${byDefault}`]),
    ];
    return [
      ...wrap(notes.join('; '), room, `  ${style.cyan(key)}: `, '      '),
      ...(meaning === '' ? [] : wrap(meaning, room, '      ')),
    ];
  });
  const more = below.length === 0 ? [] : wrap(`Below it: ${below.join(', ')}`, room, '');
  return [...head, lines.join('\n'), ...more].join('\n');
}
