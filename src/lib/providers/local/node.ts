import type { Node } from '../../release/node/place.ts';
import { localTransport } from '../../release/transports/local.ts';
import { commandLine, type Nginx } from './nginx.ts';
import type { Places } from './places.ts';

/** This machine as releases reach it. */
export function localNode(places: Places, nginx: Nginx): Node {
  const { prefix, current, pidFile, errorLog } = places;
  const [, , , , ...log] = commandLine(places, nginx, 'current');
  return {
    transport: localTransport(),
    root: prefix,
    link: current,
    leaf: '',
    nginx: nginx.path,
    options: ['-p', `${prefix}/`, ...log].join('\n'),
    pid: pidFile,
    log: errorLog,
    start: [nginx.path, ...commandLine(places, nginx, 'current')].map(quoted).join(' '),
    group: '',
  };
}

/** A word as a shell takes it literally. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
