import type { Status } from './provider.ts';

/**
 * Upstreams none of whose servers is there, in words.
 * @param isServing whether something serves; nobody misses what it does not have.
 */
export function deadUpstreams(upstreams: Status['upstreams'], isServing: boolean): string[] {
  return upstreams
    .map(({ name, servers }) => ({ name, used: servers.filter(({ served }) => served || !isServing) }))
    .filter(({ used }) => used.length > 0 && used.every(({ state, drained }) => state === 'down' || drained))
    .map(({ name }) => `no server of upstream ${name} can be reached`);
}
