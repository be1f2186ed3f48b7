/**
 * Places where a directive may stand, one bit each, so that a set of them is a number. The names are those of the
 * reference, with `stream.` and `mail.` in front where http has one of the same name.
 */
export const Context = {
  main: 1,
  events: 1 << 1,
  http: 1 << 2,
  server: 1 << 3,
  location: 1 << 4,
  ifInServer: 1 << 5,
  ifInLocation: 1 << 6,
  limitExcept: 1 << 7,
  upstream: 1 << 8,
  stream: 1 << 9,
  streamServer: 1 << 10,
  streamUpstream: 1 << 11,
  mail: 1 << 12,
  mailServer: 1 << 13,
  acmeIssuer: 1 << 14,
  oidcProvider: 1 << 15,
  mgmt: 1 << 16,
  /** Inside a block whose lines are not directives (`map`, `types`), or one that is not known. */
  other: 1 << 17,
} as const;

const NAMES: Readonly<Record<string, number>> = {
  main: Context.main,
  events: Context.events,
  http: Context.http,
  server: Context.server,
  location: Context.location,
  'if in server': Context.ifInServer,
  'if in location': Context.ifInLocation,
  limit_except: Context.limitExcept,
  upstream: Context.upstream,
  stream: Context.stream,
  'stream.server': Context.streamServer,
  'stream.upstream': Context.streamUpstream,
  mail: Context.mail,
  'mail.server': Context.mailServer,
  acme_issuer: Context.acmeIssuer,
  oidc_provider: Context.oidcProvider,
  mgmt: Context.mgmt,
  any: (1 << 17) - 1,
};

/** The bit of a context by its name, 0 where there is none. */
export function contextOf(name: string): number {
  return NAMES[name] ?? 0;
}

/** Names of the contexts that can be asked for by people. */
export function contextNames(): string[] {
  return Object.keys(NAMES).filter((name) => name !== 'any');
}

/** The names of a set of contexts, in the order from the outside in. */
export function namesOf(contexts: number): string[] {
  if ((contexts & NAMES['any']!) === NAMES['any']) return ['any'];
  return Object.entries(NAMES)
    .filter(([name, bit]) => name !== 'any' && (contexts & bit) !== 0)
    .map(([name]) => name);
}

const HTTP =
  Context.http |
  Context.server |
  Context.location |
  Context.ifInServer |
  Context.ifInLocation |
  Context.limitExcept |
  Context.upstream;

/** Which of NGINX's worlds a context belongs to; variables, zones and formats have their names there. */
export type Scope = 'http' | 'stream' | 'mail' | 'main';

export function scopeOf(context: number): Scope {
  if ((context & HTTP) !== 0) return 'http';
  if ((context & (Context.stream | Context.streamServer | Context.streamUpstream)) !== 0) return 'stream';
  return (context & (Context.mail | Context.mailServer)) !== 0 ? 'mail' : 'main';
}
