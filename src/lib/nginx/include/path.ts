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
