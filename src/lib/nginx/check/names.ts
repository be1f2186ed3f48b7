import type { Scope } from '../directives/contexts.ts';
import type { Word } from '../syntax/tree.ts';
import type { Level, Site } from './level.ts';

/** A place where a name is used. */
export interface Use {
  readonly site: Site;
  readonly word: Word;
}

export interface Upstream {
  readonly site: Site;
}

/** A socket that a server listens on. */
export interface Listener {
  readonly site: Site;
  readonly word: Word;
  readonly servers: Set<Level>;
  /** The directive that set options of the socket itself, such as `backlog`. */
  options: Site | undefined;
  /** The directive that says `default_server`. */
  default: Site | undefined;
  /** The server that answers where no name fits. */
  defaultServer: Level;
  ssl: boolean;
}

/** The names of http, stream or mail across all files: what is made and what is used. */
export class Names {
  /** Where a variable is made, by lower-case name without the dollar sign. */
  readonly variables = new Map<string, Site>();
  /** The first use of each variable. */
  readonly variableUses = new Map<string, Use>();
  /** By lower-case name. */
  readonly upstreams = new Map<string, Upstream>();
  /** Hosts that are passed to with a port, by lower-case name. */
  readonly hostsWithPort = new Map<string, Use & { readonly port: number }>();
  /** Hosts that are passed to without one, by directives that know no port of their own. */
  readonly hostsWithoutPort = new Map<string, Use>();
  readonly formats = new Map<string, Site>();
  /** Buffered logs by path, with their buffer in short. */
  readonly logs = new Map<string, { readonly key: string; readonly site: Site }>();
  /** By address and port. */
  readonly listeners = new Map<string, Listener>();
  /** Server names that NGINX refuses where several servers share an address. */
  readonly oddNames: (Use & { readonly server: Level })[] = [];

  constructor(readonly scope: Scope) {}
}
