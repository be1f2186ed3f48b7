/** The folder of a path, with a `/` at its end. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A path as NGINX completes it: relative ones stand behind the prefix. `.` and `..` are resolved. */
export function fullPath(prefix: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${prefix}${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The folder of a path and the two around it: where the main file of a part may lie. */
export function ancestorsOf(path: string): string[] {
  const folder = folderOf(path);
  const parts = folder.split('/').slice(0, -1);
  return [0, 1, 2]
    .filter((up) => up < parts.length)
    .map((up) => `${parts.slice(0, parts.length - up).join('/')}/`);
}
