import type { Visit } from './visit.ts';

/**
 * Notes a folder that NGINX writes to. A folder serves one cache, or files of one depth: anything else is a fault.
 * @param use what it is for; folders of the same use may be the same.
 */
export function usePath(visit: Visit, use: string): void {
  const word = visit.words[1]!;
  const path = word.value.replace(/\/$/u, '');
  const before = visit.paths.get(path);
  if (!before) {
    visit.paths.set(path, { use, site: visit.site });
    return;
  }
  if (before.use === use && !use.startsWith('cache')) return;
  visit.fault('syntax/path', `the folder ${path} is used in another way, too`, word, {
    hint: 'choose another folder',
    related: { message: 'the other use', site: before.site },
  });
}
