import type { Transport } from '../transports/transport.ts';

/** A node with the places that releases have on it. */
export interface Node {
  readonly transport: Transport;
  /** Folder of all that lbctl keeps there. */
  readonly root: string;
  /** What NGINX loads; it is led to a release, or to `leaf` in it. */
  readonly link: string;
  readonly leaf: string;
  /** The program, and the arguments that come before `-c`. */
  readonly nginx: string;
  readonly options: string;
  readonly pid: string;
  readonly log: string;
  /** Command that starts NGINX. */
  readonly start: string;
  /** Group of the workers, which must read password files; none where they are the owner. */
  readonly group: string;
  /** Addresses and names by which others may reach it, beside those that it knows of itself. */
  readonly addresses?: readonly string[];
  /** It is still to be made, and cannot be asked yet; once it is, NGINX serves nothing of lbctl there. */
  readonly coming?: boolean;
}
