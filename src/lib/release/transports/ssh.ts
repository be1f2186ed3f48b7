import { connectionTo } from './ssh/connection.ts';
import { readDestination } from './ssh/destination.ts';
import { PROBE, readRights } from './ssh/rights.ts';
import type { Transport } from './transport.ts';

interface SshSettings {
  /** A file of host keys, the only ones that are trusted; without it, those in known_hosts of whoever runs lbctl. */
  readonly knownHosts?: string | undefined;
  /** A configuration of ssh to be read instead of ~/.ssh/config. */
  readonly config?: string | undefined;
  /** Seconds that the node may take to answer. */
  readonly connectTimeout?: number | undefined;
}

/**
 * A node by ssh: the OpenSSH of this machine with the configuration of whoever runs lbctl. One connection is opened
 * for all programs; nothing is ever asked. Users other than root get their rights by sudo.
 *
 * The words of a program can be seen in lists of processes here and there: secrets go through its input.
 * @param destination as for ssh: `host`, `user@host`, `ssh://user@host:port`, or a Host of the configuration.
 * @throws UserError `input` where it is none.
 */
export function sshTransport(destination: string, settings: SshSettings = {}): Transport {
  const name = readDestination(destination);
  const connectTimeout = settings.connectTimeout ?? 10;
  const connection = connectionTo({ ...settings, connectTimeout, name, destination });
  let rights: Promise<readonly string[]> | undefined;

  function findRights(): Promise<readonly string[]> {
    rights ??= connection
      .run(PROBE, { probe: true })
      .then((ran) => readRights(name, ran))
      .catch((error: unknown) => {
        rights = undefined;
        throw error;
      });
    return rights;
  }

  return {
    name,
    run: async (words, options) => connection.run(words, { ...options, before: await findRights() }),
    close: () => connection.close(),
  };
}
