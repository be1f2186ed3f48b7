/** An NGINX version, `1.28` or `1.28.0`; a missing patch level counts as 0. */
export type Version = string;

/** Whether `version` is `since` or newer. */
export function atLeast(version: Version, since: Version): boolean {
  const [a, b] = [numbers(version), numbers(since)];
  for (let part = 0; part < 3; part++) {
    if (a[part] !== b[part]) return a[part]! > b[part]!;
  }
  return true;
}

function numbers(version: Version): number[] {
  const parts = version.split('.').map(Number);
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}
