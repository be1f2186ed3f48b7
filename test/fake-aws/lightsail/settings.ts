import type { Wait } from './later.ts';
import type { Instance, State } from './state.ts';

/** What logs in to an instance, as OpenSSH has it in files. */
export interface Access {
  readonly privateKey: string;
  readonly certKey: string;
  readonly expiresAt: Date;
  /** Who logs in; the usual one of the blueprint when left out. */
  readonly username?: string;
  /** Lines of public keys: algorithm and key. */
  readonly hostKeys: readonly string[];
}

/** Machines behind instances. They follow the state by themselves, after every call. */
export interface Machines {
  /** An address for a static IP or an instance. */
  address(): string;
  /** Makes, ends, opens and closes what differs; resolves when it is as the state says, but for machines that boot. */
  follow(state: State): Promise<void>;
  /** Whether the instance's machine has booted; how far its user data is does not count. */
  isUp(instance: Instance): boolean;
  access(instance: Instance): Access;
}

export interface Settings {
  readonly waits: {
    /** Until what was made or started runs. */
    start: Wait;
    stop: Wait;
    /** Until operations that are not done at once are. */
    operation: Wait;
    snapshot: Wait;
    /** Until the host keys have been seen at the console. */
    hostKeys: Wait;
  };
  readonly quotas: { instances: number; staticIps: number };
  /** Of every list; that of the service is not documented. */
  pageSize: number;
  /** Operations that will fail after they were taken, by type. */
  readonly failures: { type: string; errorCode: string; errorDetails: string }[];
  readonly machines: Machines;
  /** What was measured of an instance in a period; undefined where nothing was. Times are seconds since 1970. */
  sample(instance: string, metric: string, time: number): number | undefined;
}
