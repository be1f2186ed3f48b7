/** An NGINX version, `1.28` or `1.28.0`; a missing patch level counts as 0. */
export type Version = string;

/** What people may write for one. */
export const VERSION = /^1\.\d+(?:\.\d+)?$/u;

const parsed = new Map<Version, number>();

/** A number that grows with the version: 1.28.3 is 1028003. */
export function parseVersion(version: Version): number {
  let number = parsed.get(version);
  if (number === undefined) {
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    number = (major * 1000 + minor) * 1000 + patch;
    parsed.set(version, number);
  }
  return number;
}

/** Whether `version` is `since` or newer. */
export function atLeast(version: Version, since: Version): boolean {
  return parseVersion(version) >= parseVersion(since);
}

/** Newest release of the stable line that the data know: the target where none is named. */
export const NEWEST_STABLE: Version = '1.30.4';
