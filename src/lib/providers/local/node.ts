import type { Node } from '../../release/node/place.ts';
import { localTransport } from '../../release/transports/local.ts';
import { type Nginx, ownArguments } from './nginx.ts';
import type { Places } from './places.ts';

/** This machine as releases reach it. */
export function localNode(places: Places, nginx: Nginx): Node {
  const { prefix, current, pidFile, errorLog } = places;
  const own = ownArguments(places, nginx);
  return {
    transport: localTransport(),
    root: prefix,
    link: current,
    leaf: '',
    nginx: nginx.path,
    options: [...own.prefix, ...own.log].join('\n'),
    pid: pidFile,
    log: errorLog,
    // in this order, by which what runs is known again
    start: [nginx.path, ...own.prefix, '-c', 'current/nginx.conf', ...own.log].map(quoted).join(' '),
    group: '',
  };
}

/** A word as a shell takes it literally. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
