import type { BuiltStatement } from '../nginx/build.ts';
import { type LineOrigins, write } from '../nginx/write.ts';

/** A rendered configuration file. */
export interface TreeFile {
  /** Relative to the folder of nginx.conf, with forward slashes. */
  readonly path: string;
  readonly content: string;
  /** What its lines come from in lb.yaml. */
  readonly origins: LineOrigins;
}

/** The file of some statements. */
export function treeFile(path: string, statements: readonly BuiltStatement[]): TreeFile {
  const { text, origins } = write(statements);
  return { path, content: text, origins };
}

/** A file that the configuration refers to and that travels with it. */
export interface Asset {
  /** As written in lb.yaml, relative to its folder. */
  readonly source: string;
  /** Where it goes, relative to the folder of nginx.conf. */
  readonly path: string;
  /** Keys, password files and secrets: readable by the owner alone, and never printed. */
  readonly secret: boolean;
  /**
   * `copy` takes the bytes as they are; `variable` writes a configuration file that puts the first line of the
   * source into an NGINX variable of the given name, as a literal.
   */
  readonly form: { readonly kind: 'copy' } | { readonly kind: 'variable'; readonly variable: string };
}

/** A socket that the configuration opens. */
export interface Socket {
  /** Listener of lb.yaml that it belongs to, or `metrics`. */
  readonly listener: string;
  readonly transport: 'tcp' | 'udp';
  /** `0.0.0.0`, `::` or one address, without brackets. */
  readonly address: string;
  /** Port that NGINX binds. */
  readonly port: number;
  /** Port that lb.yaml names; differs from `port` where a node maps it. */
  readonly configuredPort: number;
}

/** The NGINX configuration of a balancer: the text of its files and what else they need. */
export interface Tree {
  /** nginx.conf first, then its includes in the order in which they are included. */
  readonly files: readonly TreeFile[];
  readonly assets: readonly Asset[];
  readonly sockets: readonly Socket[];
}
