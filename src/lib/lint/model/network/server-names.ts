import type { Block } from '../model.ts';

/** The names of a server as they are written, in lower case. */
export function namesOf(server: Block): string[] {
  return server
    .own('server_name')
    .flatMap(({ directive }) => directive.words.slice(1).map(({ value }) => value.toLowerCase()));
}

/** Whether a name is one of a server's, as far as can be told in short. */
export function answersTo(server: Block, host: string): boolean {
  const names = namesOf(server);
  return (
    names.length > MOST ||
    names.some((name) => {
      if (name.startsWith('~')) return true;
      if (name.endsWith('.*')) return host.startsWith(name.slice(0, -1));
      if (name.startsWith('*.')) return host.endsWith(name.slice(1));
      return name.startsWith('.') ? `.${host}`.endsWith(name) : host === name;
    })
  );
}

const MOST = 50;
