import { parseSource } from '../balancer/source.ts';
import { InvalidInput } from '../errors.ts';

const HOOK = 'lbctl-lint';

/** What pre-commit is to do, as an entry of `repos` that begins at a column. */
const entry = (indent: string): string =>
  [
    '- repo: local',
    '  hooks:',
    `    - id: ${HOOK}`,
    '      name: lbctl lint',
    '      entry: lbctl lint # the lbctl that is installed',
    '      language: system',
    String.raw`      files: (^|/)lb\.yaml$`,
    '',
  ]
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');

/**
 * .pre-commit-config.yaml with a hook that checks each lb.yaml; what stands there stays as it is, to the byte.
 * @param text what stands there; undefined where there is no such file.
 * @returns undefined where it has the hook already.
 * @throws InvalidInput where the file cannot be read, or has no place for another entry.
 */
export function withHook(text: string | undefined, file: string): string | undefined {
  if (text === undefined || text.trim() === '')
    return `# Run before each commit: pre-commit install\nrepos:\n${entry('  ')}`;
  const source = parseSource(text, file, { hint: 'pre-commit validate-config tells what is wrong with it' });
  const { repos } = source.data as { readonly repos?: unknown };
  if (!Array.isArray(repos)) throw noPlace(file, 'has no list of repos');
  if (JSON.stringify(repos).includes(`"id":"${HOOK}"`)) return undefined;
  const last = repos.length - 1;
  const start = last < 0 ? -1 : text.lastIndexOf('\n', source.rangeOf(['repos', last])[0]) + 1;
  const indent = /^( *)- /u.exec(text.slice(Math.max(0, start)))?.[1];
  if (last < 0 || indent === undefined) throw noPlace(file, 'has its repos in brackets');
  const end = text.slice(0, source.rangeOf(['repos', last])[1]).trimEnd().length;
  const lineEnd = text.indexOf('\n', end);
  const head = lineEnd < 0 ? `${text}\n` : text.slice(0, lineEnd + 1);
  const tail = lineEnd < 0 ? '' : text.slice(lineEnd + 1);
  const merged = head + entry(indent) + tail;
  const after = parseSource(merged, file).data as { readonly repos: readonly unknown[] };
  const isWhole = JSON.stringify(after.repos.slice(0, -1)) === JSON.stringify(repos);
  if (!isWhole) throw noPlace(file, 'cannot be added to');
  return merged;
}

function noPlace(file: string, why: string): InvalidInput {
  return new InvalidInput(file, [
    { message: `${file} ${why}`, hint: `add the entry by hand:\n${entry('  ')}` },
  ]);
}
