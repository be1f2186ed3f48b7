import type { Files } from './load.ts';

/** What `nginx -T` prints: every file of a configuration, one behind the other. */
export interface Dump {
  /** Path of the main file. */
  readonly main: string;
  readonly files: Files;
}

const MARK = /^# configuration file (.+):\r?$/gmu;

/** Reads the output of `nginx -T` as the files it was made of; undefined where a text is none. */
export function readDump(text: string): Dump | undefined {
  const marks = [...text.matchAll(MARK)];
  const [first] = marks;
  // in front of the first file there is nothing but what nginx -t says
  if (!first || !/^(?:nginx: [^\n]*\n|\s)*$/u.test(text.slice(0, first.index))) return undefined;
  const files = new Map<string, string>();
  marks.forEach((mark, index) => {
    const start = mark.index + mark[0].length + 1;
    const end = marks[index + 1]?.index ?? text.length;
    // a line end is put behind each file
    files.set(mark[1]!, text.slice(start, end).replace(/\n$/u, ''));
  });
  const paths = [...files.keys()];
  return {
    main: first[1]!,
    files: { read: (path) => files.get(path), list: (folder) => namesIn(paths, folder) },
  };
}

function namesIn(paths: readonly string[], folder: string): string[] | undefined {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const inside = paths.filter((path) => path.startsWith(prefix));
  if (inside.length === 0) return undefined;
  return [...new Set(inside.map((path) => path.slice(prefix.length).split('/')[0]!))];
}
