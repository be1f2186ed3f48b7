import { isIPv4, isIPv6 } from 'node:net';

/**
 * The address of a server as NGINX spells it once it has read it, which is how its API and its error log have it:
 * `10.0.1.10:80`, `[2001:db8::1]:8080`, `unix:/run/app.sock`. Undefined for a name, which may have several.
 */
export function peerAddress(address: string): string | undefined {
  if (address.startsWith('unix:')) return /^unix:\/[\w./-]+$/u.test(address) ? address : undefined;
  const [, host = '', port = '80'] = /^(\[.*\]|[^:]+)(?::(\d+))?$/u.exec(address) ?? [];
  if (isIPv4(host)) return `${host}:${Number(port)}`;
  const six = host.replace(/^\[(.*)\]$/u, '$1');
  // a URL has the one short form of it
  return host !== six && isIPv6(six) && !six.includes('%')
    ? `${new URL(`http://${host}`).hostname}:${Number(port)}`
    : undefined;
}
