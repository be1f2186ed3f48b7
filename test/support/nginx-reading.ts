import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';
import { findNginx } from './tools.ts';

/** A message of `nginx -t`; in its text each byte is one character. */
interface Message {
  readonly level: string;
  readonly text: string;
  /** Line that it is about. */
  readonly line: number | undefined;
}

/** Reads texts as the real NGINX does. A string is written as UTF-8. */
export interface Reader {
  /** What it says about a file. */
  messages(text: string | Buffer): Message[];
  /**
   * Why it cannot read statements, as words, braces and semicolons: undefined where it gets through. They stand in a
   * block whose directives may have any name; blocks in there are refused.
   */
  refusal(statements: string): Message | undefined;
  /**
   * Those of some directives that it judges otherwise than `accepted` does. They stand in a server block each, are read
   * and not carried out.
   */
  differing<T>(values: readonly T[], accepted: (value: T) => boolean, write: (value: T) => string): string[];
  /** What it makes of words. It must be able to read each of them. */
  values(words: readonly string[]): string[];
}

/** A directive that no NGINX knows. Where it complains about this one, it has read everything before. */
const STOP = 'lbctl_has_read_up_to_here';

export async function nginxReader(): Promise<Reader> {
  const folder = await temporaryFolder();
  const file = join(folder, 'nginx.conf');
  const messages = (text: string | Buffer): Message[] => {
    writeFileSync(file, text);
    const { stderr } = spawnSync(findNginx()!, ['-t', '-p', folder, '-c', file, '-e', 'stderr'], {
      encoding: 'latin1',
      maxBuffer: 1 << 28,
    });
    // a message may hold line ends, as words may
    return stderr
      .replace(/^nginx: (?:the )?configuration file [^\n]*\n/gmu, '')
      .split(/^(?:nginx: |[\d/]+ [\d:]+ )(?=\[)/mu)
      .slice(1)
      .map((message) => read(message.replace(/\n$/u, ''), file));
  };
  return {
    messages,
    refusal(statements) {
      const all = messages(`http { types {\n${statements}\n} ${STOP}; }`);
      const found = all.find(({ level }) => level === 'emerg');
      if (!found || found.text.includes(STOP)) return undefined;
      return { ...found, line: found.line === undefined ? undefined : found.line - 1 };
    },
    differing(values, accepted, write) {
      const refuses = (directives: readonly string[]): Message | undefined => {
        const servers = directives.map((directive) => `server { ${directive} }`).join('\n');
        const all = messages(`http {\n${servers} ${STOP}; }`);
        const found = all.find(({ level }) => level === 'emerg');
        return found?.text.includes(STOP) ? undefined : found;
      };
      const wrong: string[] = [];
      const good = values.filter(accepted).map(write);
      // it stops at the first that it refuses
      for (let from = 0; from < good.length;) {
        const { line, text } = refuses(good.slice(from)) ?? {};
        if (line === undefined) break;
        from += line - 1;
        wrong.push(`${good[from - 1]} is refused: ${text}`);
      }
      const bad = values.filter((value) => !accepted(value)).map(write);
      wrong.push(...bad.filter((one) => !refuses([one])).map((one) => `${one} is accepted`));
      return wrong;
    },
    values(words) {
      // NGINX warns of an extension that has another type already, and names both
      const types = words.map((word, index) => `x e${index};\n${word} e${index};`);
      const values = messages(`http { types {\n${types.join('\n')}\n} ${STOP}; }`)
        .map(({ text }) =>
          /^duplicate extension "e\d+", content type: "(.*)", previous content type: "x"$/su.exec(text),
        )
        .filter((match) => match !== null)
        .map(([, value]) => Buffer.from(value!, 'latin1').toString());
      if (values.length !== words.length)
        throw new Error(`NGINX read ${values.length} words instead of ${words.length}`);
      return values;
    },
  };
}

function read(message: string, file: string): Message {
  const [, level = '', rest = ''] = /^\[(\w+)\] (?:\d+#\d+: )?(.*)$/su.exec(message) ?? [];
  const place = rest.lastIndexOf(` in ${file}:`);
  if (place < 0) return { level, text: rest, line: undefined };
  return { level, text: rest.slice(0, place), line: Number(rest.slice(place + ` in ${file}:`.length)) };
}
