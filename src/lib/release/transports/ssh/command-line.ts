import { join } from 'node:path';

/** A node, as ssh is told of it. */
export interface Target {
  /** For people. */
  readonly name: string;
  /** For ssh. */
  readonly destination: string;
  /** Read instead of the person's own configuration of ssh. */
  readonly config?: string | undefined;
  /** The only host keys to trust, instead of the person's own. */
  readonly knownHosts?: string | undefined;
  /** Seconds that a node may take to answer at all. */
  readonly connectTimeout: number;
}

/** Does without a connection of its own: a program may be started once only, and over the one that is known. */
export const SHARED_ONLY = ['-o', 'ControlMaster=no', '-o', 'ProxyCommand=false'];

/** Nobody is there to answer the ssh of a jump host, which does not know BatchMode. */
export const ENV = { SSH_ASKPASS_REQUIRE: 'never' };

/** @param folder that holds the host keys that are trusted alone. */
export function commonArgs({ config, knownHosts, connectTimeout }: Target, folder: string): string[] {
  const settings = [
    'BatchMode=yes',
    `ConnectTimeout=${connectTimeout}`,
    // a network that is gone is noticed after 15 seconds
    'ServerAliveInterval=5',
    'ServerAliveCountMax=3',
    'StrictHostKeyChecking=yes',
    'ClearAllForwardings=yes',
    'RemoteCommand=none',
    ...(knownHosts === undefined
      ? []
      : [
          `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
          'GlobalKnownHostsFile=/dev/null',
          'UpdateHostKeys=no',
          'VerifyHostKeyDNS=no',
        ]),
  ];
  return [
    ...(config === undefined ? [] : ['-F', config]),
    // no terminal, no agent and no windows there
    '-T',
    '-a',
    '-x',
    ...settings.flatMap((setting) => ['-o', setting]),
  ];
}

/** Ends a connection. The destination does not matter, and the configuration shall not. */
export function exitArgs(socket: string): string[] {
  return ['-F', 'none', '-O', 'exit', '-S', socket, '--', 'node'];
}
