import { quote } from '../balancer/fault.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { PoolServer } from './drained.ts';

/** What is needed of a balancer to find a server in it. */
export interface Named {
  readonly upstreams: Readonly<Record<string, { readonly servers: readonly { readonly address: string }[] }>>;
}

/**
 * The upstream that is meant.
 * @throws UserError `usage` where there is none of the name.
 */
export function upstreamNamed({ upstreams }: Named, name: string): string {
  if (Object.hasOwn(upstreams, name)) return name;
  const names = Object.keys(upstreams);
  throw new UserError('usage', 'no-such-upstream', `lb.yaml has no upstream ${quote(name)}`, {
    hint: hintFrom(name, names),
  });
}

/**
 * The server that is meant, in every upstream that has it: by its address, or without the port where that says enough.
 * @param upstream where it is looked for; in all of them when left out.
 * @throws UserError `usage` where none or several can be meant.
 */
export function serversNamed({ upstreams }: Named, name: string, upstream?: string): PoolServer[] {
  const within = upstream === undefined ? Object.keys(upstreams) : [upstreamNamed({ upstreams }, upstream)];
  const all = within.flatMap((upstream) =>
    upstreams[upstream]!.servers.map(({ address }) => ({ upstream, address })),
  );
  const exact = all.filter(({ address }) => address === name);
  if (exact.length > 0) return exact;
  const found = all.filter(({ address }) => hostOf(address) === name);
  const addresses = [...new Set(found.map(({ address }) => address))];
  if (addresses.length === 1) return found;
  if (addresses.length > 1) {
    throw new UserError('usage', 'ambiguous-server', `${name} may be ${addresses.join(' or ')}`, {
      hint: 'name it with its port',
    });
  }
  const known = [...new Set(all.map(({ address }) => address))];
  const where = upstream === undefined ? 'no upstream has' : `upstream ${upstream} has no`;
  throw new UserError('usage', 'no-such-server', `${where} server ${quote(name)}`, {
    hint: hintFrom(name, known),
  });
}

/** An address without its port; undefined where it is a socket file, which has none. */
function hostOf(address: string): string | undefined {
  return address.startsWith('unix:') ? undefined : address.replace(/:\d+$/u, '');
}

/**
 * An address with the port that is meant where it names none: the one that all its siblings have, or NGINX's own.
 * @returns remark: which that is, in words.
 */
export function withPort(
  address: string,
  siblings: readonly string[],
): { readonly address: string; readonly remark: string | undefined } {
  if (hostOf(address) !== address) return { address, remark: undefined };
  const ports = new Set(
    siblings
      .filter((other) => hostOf(other) !== undefined)
      .map((other) => /:(\d+)$/u.exec(other)?.[1] ?? HTTP),
  );
  const [port = HTTP] = ports.size === 1 ? ports : [];
  const why =
    ports.size === 1 ? 'as the other servers have' : `as none is named: ${address}:PORT has another`;
  return {
    address: port === HTTP ? address : `${address}:${port}`,
    remark: `${address} gets port ${port}, ${why}`,
  };
}

/** What NGINX takes where no port is named. */
const HTTP = '80';

/** Names shown where none is near. */
const SHOWN = 8;

function hintFrom(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  if (close !== undefined) return `did you mean ${close}?`;
  if (known.length === 0) return 'lbctl pool list shows what there is';
  const more = known.length > SHOWN ? ` and ${known.length - SHOWN} more` : '';
  return `there is ${known.slice(0, SHOWN).join(', ')}${more}`;
}
