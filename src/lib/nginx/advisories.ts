import { advisories } from './data/advisories.ts';
import { parseVersion, type Version } from './version.ts';

/** A security advisory of NGINX. Source: https://nginx.org/en/security_advisories.html */
export interface Advisory {
  /** Without `CVE-`. */
  readonly cve: string;
  readonly severity: 'low' | 'medium' | 'major';
  readonly name: string;
  /** Ranges such as `1.3.0-1.29.4`, parted by commas. */
  readonly vulnerable: string;
  /** Releases that are mended, such as `1.29.5+, 1.28.2+`. */
  readonly fixed: string;
  /** Page that tells more. */
  readonly page: string;
}

/**
 * An advisory by its number.
 * @throws RangeError where there is none.
 */
export function advisoryOf(cve: string): Advisory {
  const start = advisories.indexOf(`\n${cve}|`) + 1;
  if (start === 0) throw new RangeError(`there is no advisory ${cve}`);
  const [, severity, name, vulnerable, fixed, page] = advisories
    .slice(start, advisories.indexOf('\n', start))
    .split('|');
  return {
    cve,
    severity: severity as Advisory['severity'],
    name: name!,
    vulnerable: vulnerable!,
    fixed: fixed!,
    page: page!,
  };
}

/**
 * Whether a release of the open source edition is vulnerable. Of a line without a patch level, such as `1.28`, the
 * newest release is meant.
 */
export function isVulnerable({ vulnerable, fixed }: Advisory, version: Version): boolean {
  const [major = 0, minor = 0, patch = NEWEST] = version.split('.').map(Number);
  const number = (major * 1000 + minor) * 1000 + patch;
  const inRange = vulnerable.split(', ').some((range) => {
    const [first = '', last = first] = range.split('-');
    return number >= parseVersion(first) && number <= parseVersion(last);
  });
  if (!inRange) return false;
  // a stable line gets the fix under a number that is lower than the last vulnerable one
  return !fixed.split(', ').some((release) => {
    const good = parseVersion(release.replace('+', ''));
    return Math.floor(good / 1000) === Math.floor(number / 1000) && number >= good;
  });
}

/** Above every patch level that a line has. */
const NEWEST = 999;
