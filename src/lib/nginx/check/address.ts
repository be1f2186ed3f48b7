import { parseNumber } from './values.ts';

/** What NGINX makes of an address (core/ngx_inet.c), or why it cannot. */
export type Address =
  | { readonly problem: string }
  | {
      readonly family: 'unix' | 'inet' | 'inet6' | 'name';
      /** Path of a socket, an IP address in one fixed form, or a name in lower case. */
      readonly host: string;
      /** Undefined where none is given. */
      readonly port: number | undefined;
      /** Last port of a range. */
      readonly lastPort: number | undefined;
      /** What stands behind the host, from the first `/` on. */
      readonly uri: string;
    };

export interface AddressOptions {
  /** As `listen` reads it: a bare port, `*`, and ranges of ports. */
  readonly listen?: boolean;
  /** Whether a path may stand behind the host. */
  readonly uri?: boolean;
}

export function parseAddress(text: string, options: AddressOptions = {}): Address {
  if (/^unix:/iu.test(text)) return unixAddress(text.slice(5), options);
  return text.startsWith('[') ? inet6Address(text, options) : inetAddress(text, options);
}

function unixAddress(text: string, { uri }: AddressOptions): Address {
  const colon = uri ? text.indexOf(':') : -1;
  const path = colon < 0 ? text : text.slice(0, colon);
  if (path === '') return { problem: 'the path of the socket is missing' };
  // sun_path holds 108 bytes with the one that ends it
  if (new TextEncoder().encode(path).length > 107)
    return { problem: 'the path of the socket is longer than 107 bytes' };
  const rest = colon < 0 ? '' : text.slice(colon + 1);
  return { family: 'unix', host: path, port: undefined, lastPort: undefined, uri: rest };
}

function inet6Address(text: string, options: AddressOptions): Address {
  const close = text.indexOf(']');
  if (close < 0) return { problem: 'the ] behind the IPv6 address is missing' };
  const slash = text.indexOf('/', close);
  if (slash >= 0 && (options.listen || !options.uri)) return { problem: 'a path cannot stand here' };
  const end = slash < 0 ? text.length : slash;
  let ports: Ports = { port: undefined, lastPort: undefined };
  if (close + 1 < end) {
    if (text[close + 1] !== ':') return { problem: 'only :port may stand behind ]' };
    const read = parsePorts(text.slice(close + 2, end), options);
    if ('problem' in read) return read;
    ports = read;
  }
  const host = parseIPv6(text.slice(1, close));
  if (host === undefined) return { problem: `${text.slice(0, close + 1)} is no IPv6 address` };
  return { family: 'inet6', host, ...ports, uri: slash < 0 ? '' : text.slice(slash) };
}

function inetAddress(text: string, options: AddressOptions): Address {
  const start = text.search(/[/?]/u);
  if (start >= 0 && (options.listen || !options.uri)) return { problem: 'a path cannot stand here' };
  const authority = start < 0 ? text : text.slice(0, start);
  const uri = start < 0 ? '' : text.slice(start);
  const colon = authority.indexOf(':');
  let ports: Ports = { port: undefined, lastPort: undefined };
  if (colon >= 0) {
    const read = parsePorts(authority.slice(colon + 1), options);
    if ('problem' in read) return read;
    ports = read;
  } else if (options.listen && /^\d+(?:-\d+)?$/u.test(authority)) {
    const read = parsePorts(authority, options);
    if ('problem' in read) return read;
    return { family: 'inet', host: '0.0.0.0', ...read, uri: '' };
  }
  const host = colon < 0 ? authority : authority.slice(0, colon);
  if (host === '') return { problem: 'the host is missing' };
  if (options.listen && host === '*') return { family: 'inet', host: '0.0.0.0', ...ports, uri };
  const ip = parseIPv4(host);
  return ip === undefined || ip === '255.255.255.255'
    ? { family: 'name', host: host.toLowerCase(), ...ports, uri }
    : { family: 'inet', host: ip, ...ports, uri };
}

interface Ports {
  readonly port: number | undefined;
  readonly lastPort: number | undefined;
}

function parsePorts(text: string, { listen }: AddressOptions): Ports | { readonly problem: string } {
  const dash = listen ? text.indexOf('-') : -1;
  const port = parseNumber(dash < 0 ? text : text.slice(0, dash));
  const lastPort = dash < 0 ? undefined : parseNumber(text.slice(dash + 1));
  const valid = (number: number | undefined) => number !== undefined && number >= 1 && number <= 65_535;
  if (!valid(port) || (dash >= 0 && !valid(lastPort)))
    return { problem: `${text === '' ? 'nothing' : text} is no port; ports are 1 to 65535` };
  if (lastPort !== undefined && port! > lastPort)
    return { problem: 'the range of ports ends before it starts' };
  return { port, lastPort };
}

/** An IPv4 address without leading zeros; NGINX takes an empty part for 0. */
export function parseIPv4(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const numbers = parts.map((part) => (/^\d*$/u.test(part) ? Number(part) : 256));
  return numbers.every((number) => number <= 255) ? numbers.join('.') : undefined;
}

/** An IPv6 address as eight groups of hexadecimal digits; NGINX takes a colon alone at either end, too. */
export function parseIPv6(text: string): string | undefined {
  const groups: number[] = [];
  /** Index of the group in front of which `::` stands. */
  let gap: number | undefined;
  let [group, digits, groupStart] = [0, 0, 0];
  for (let at = text.startsWith(':') ? 1 : 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === ':') {
      if (digits > 0) groups.push(group);
      else if (gap === undefined) gap = groups.length;
      else return undefined;
      [group, digits, groupStart] = [0, 0, at + 1];
    } else if (char === '.' && digits > 0) {
      const ip = groupStart > 0 ? parseIPv4(text.slice(groupStart)) : undefined;
      if (ip === undefined || ip === '255.255.255.255') return undefined;
      const [a, b, c, d] = ip.split('.').map(Number);
      groups.push((a! << 8) | b!);
      group = (c! << 8) | d!;
      break;
    } else {
      digits++;
      if (digits > 4 || !/[\da-f]/iu.test(char)) return undefined;
      group = group * 16 + Number.parseInt(char, 16);
    }
  }
  if (digits === 0 && gap === undefined) return undefined;
  groups.push(group);
  const missing = 8 - groups.length;
  if (gap === undefined ? missing !== 0 : missing < 1) return undefined;
  groups.splice(gap ?? 8, 0, ...Array<number>(missing).fill(0));
  return groups.map((each) => each.toString(16)).join(':');
}

/** Whether a text is an address or a network, `address/bits`. */
export function isNetwork(text: string): boolean {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const ip = parseIPv4(address);
  const four = ip !== undefined && ip !== '255.255.255.255';
  if (!four && parseIPv6(address) === undefined) return false;
  if (slash < 0) return true;
  const bits = parseNumber(text.slice(slash + 1));
  return bits !== undefined && bits <= (four ? 32 : 128);
}

/** Whether a text is an IP address, alone or with a port. */
export function isAddressWithPort(text: string): boolean {
  if (parseIPv4(text) !== undefined || parseIPv6(text) !== undefined) return text !== '255.255.255.255';
  const address = parseAddress(text);
  if ('problem' in address || address.port === undefined) return false;
  return address.family === 'inet' || address.family === 'inet6';
}
