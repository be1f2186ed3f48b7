import type { Listed } from '../release/list.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

/** Releases of a node, a line each, the newest first. */
export function renderReleases(node: string, releases: readonly Listed[], style: Style): string {
  const rows = releases.map(({ id, current, last }) => {
    const mark = current ? style.green('*') : ' ';
    const when = last ? last.time.toISOString().replace('T', ' ').slice(0, 16) : ''.padEnd(16);
    const what = last ? `${last.action} ${last.outcome}`.padEnd(16) : ''.padEnd(16);
    const words = [last?.about.author, last?.about.message].filter(
      (word) => word !== undefined && word !== '',
    );
    return `${mark} ${current ? style.bold(id) : id}  ${when}  ${what}  ${visible(words.join(': '))}`.trimEnd();
  });
  return [style.bold(node), ...(rows.length === 0 ? ['  no release yet'] : rows)].join('\n');
}
