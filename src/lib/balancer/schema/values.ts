import { takes } from '../shape/instead.ts';
import { text, narrowed, number } from '../shape/scalars.ts';

/** Most bytes of a text value; NGINX reads no token of more than about 4,000, and quoting can double a text. */
const LINE_BYTES = 1000;

const WELL_FORMED = [
  (value: string) => value.isWellFormed(),
  'holds half of a character (an unpaired surrogate)',
] as const;

/** Text without line breaks or other control characters: what fits on one line of a configuration. */
export const line = text(/^[^\u0000-\u001f\u007f]*$/u, 'must be one line without control characters', [
  WELL_FORMED,
  [(value) => Buffer.byteLength(value) <= LINE_BYTES, `is longer than ${LINE_BYTES} bytes`],
]);

/** Text of several lines; its length is judged as it is written out. */
export const lines = text(
  /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u,
  'must not hold control characters',
  [WELL_FORMED],
);

/** A name that is used inside the NGINX configuration. */
export const name = text(
  /^[A-Za-z][A-Za-z0-9_-]{0,47}$/,
  'must start with a letter, then letters, digits, - or _, 48 characters at most',
);

/** A hint for numbers without the unit that most mean. */
function unit(name: string): (value: unknown) => string | undefined {
  return (value) =>
    /^[1-9]\d{0,5}$/u.test(String(value)) ? `with a unit: ${String(value)}${name}` : undefined;
}

/** An amount of time in NGINX's notation. Units: ms, s, m, h, d, w; months and years are left out on purpose. */
export const duration = text(
  /^(?=\d)(\d{1,6}w)?(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m(?!s))?(\d{1,6}s)?(\d{1,6}ms)?$/,
  'must be a time such as 500ms, 30s, 5m or 1h30m',
).instead(unit('s'));

/** A size in NGINX's notation. */
export const size = text(/^[1-9]\d{0,7}[kKmM]?$/, 'must be a size such as 512k or 10m').instead(unit('m'));

/** A size on disk, where gigabytes make sense too. */
export const diskSize = text(/^[1-9]\d{0,7}[kKmMgG]?$/, 'must be a size such as 500m or 10g').instead(
  unit('g'),
);

export const port = number(1, 65535, { message: 'is not a port; ports go from 1 to 65535' });

const OCTET = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
const NUMBERS = new RegExp(`^${IPV4}$`, 'u');
const IPV6 = '(?=[^\\s]*:[^\\s]*:)([0-9A-Fa-f]{0,4}:){2,7}([0-9A-Fa-f]{0,4}|' + IPV4 + ')';

/** An address or a range of addresses, as `allow`, `deny` and `set_real_ip_from` take them. */
export const network = text(
  new RegExp(`^(${IPV4}(/(3[0-2]|[12]?\\d))?|${IPV6}(/(12[0-8]|1[01]\\d|\\d?\\d))?)$`, 'u'),
  'must be an address or a range such as 10.0.0.0/16 or 2001:db8::/32',
);

/** An address of this machine to listen on, without a port. */
export const bindAddress = text(
  new RegExp(`^(${IPV4}|\\[${IPV6}\\])$`, 'u'),
  'must be an address such as 127.0.0.1 or [::1]',
);

const HOST_LABEL = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';

/** Where a server of an upstream is reached. */
export const serverAddress = text(
  new RegExp(
    `^(unix:/[A-Za-z0-9._/-]{1,100}|(\\[${IPV6}\\]|${HOST_LABEL}(\\.${HOST_LABEL})*)(:(6553[0-5]|655[0-2]\\d|65[0-4]\\d{2}|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3}))?)$`,
    'u',
  ),
  'must be an address and a port such as 10.0.0.11:8080, [2001:db8::1]:8080, app.internal:8080 or unix:/run/app.sock',
  [
    [
      (value) => !/^[\d.]+(?::|$)/u.test(value) || NUMBERS.test(value.replace(/:\d+$/u, '')),
      'is no IPv4 address; those are four numbers from 0 to 255',
    ],
  ],
).instead(nearAddress);

/** Addresses as others have them, such as browsers. */
function nearAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, bare = ''] = /^[a-z]+:\/\/([^/]+)\/?$/iu.exec(value) ?? [];
  if (bare !== '' && takes(serverAddress.kind, bare)) return `did you mean ${bare}?`;
  const [, port = ''] = /^[^/]+:(\d+)$/u.exec(value) ?? [];
  return Number(port) > 65535 ? 'ports go from 1 to 65535' : undefined;
}

/** A host name of a route: exact, or with a `*` label at its start or its end. */
export const hostName = text(
  new RegExp(`^((\\*\\.)?${HOST_LABEL}(\\.${HOST_LABEL})*|${HOST_LABEL}(\\.${HOST_LABEL})*\\.\\*)$`, 'u'),
  'must be a host name such as shop.example.com or *.example.com',
).instead(nearHost);

/** Hosts as they stand in the address bar of browsers. */
function nearHost(value: unknown): string | undefined {
  const [, bare = ''] = /^(?:[a-z]+:\/\/)?([^/:]+)(?::\d+)?\/?$/iu.exec(String(value)) ?? [];
  return typeof value === 'string' && bare !== value && takes(hostName.kind, bare)
    ? `did you mean ${bare}?`
    : undefined;
}

/**
 * A file. A relative path starts at the folder of lb.yaml and the file travels with the configuration;
 * an absolute path names a file on the node.
 */
export const file = narrowed(
  line,
  /^(?!(.*\/)?\.\.(\/|$))[^$"'\\;{}#]+$/u,
  'must be a path without .. and without any of $ " \' \\ ; { } #',
);

export const absolutePath = narrowed(file, /^\//u, 'must be an absolute path on the node');

/** Requests per second or per minute. */
export const rate = text(/^[1-9]\d{0,5}r\/[sm]$/u, 'must be a rate such as 20r/s or 300r/m').instead(
  unit('r/s'),
);

export const headerName = text(
  /^[A-Za-z][A-Za-z0-9-]{0,63}$/u,
  'must be a header name: letters, digits and -',
);

export const cookieName = text(/^[A-Za-z0-9_]{1,64}$/u, 'must be a cookie name of letters, digits and _');

const LOGIN = '(?!-)[^\'"`$;&<>|(){}@:\\s\\u0000-\\u001f\\u007f]+@';
const MACHINE = '(?!-)[^\'"`$\\\\;&<>|(){},@/:\\s\\u0000-\\u001f\\u007f]+';
const ADDRESS = '[0-9A-Fa-f]*:[0-9A-Fa-f:.]+';

/** Where ssh logs in. What OpenSSH itself keeps out of names, since they may reach a shell, is kept out here, too. */
export const sshDestination = text(
  new RegExp(
    `^(ssh://(${LOGIN})?(${MACHINE}|\\[${ADDRESS}\\])(:\\d{1,5})?|(?!ssh:)(${LOGIN})?(${MACHINE}|${ADDRESS}))$`,
    'u',
  ),
  'must be HOST, USER@HOST, ssh://USER@HOST:PORT or a Host of ~/.ssh/config, and has no password in it',
);

/** A file on this machine. */
export const ownFile = narrowed(
  line,
  /^[^~]./u,
  'must be a path; it starts at the folder of lb.yaml, and ~ stands for nothing',
);

/** Raw NGINX directives. */
export const snippet = text(/\S/u, 'is empty');
