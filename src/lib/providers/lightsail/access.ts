import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { clearAfterwards } from '../../release/transports/ssh/guard.ts';
import { sshTransport } from '../../release/transports/ssh.ts';
import type { Transport } from '../../release/transports/transport.ts';
import type { Api } from './api.ts';
import type { Access } from './read.ts';
import { until } from './wait.ts';

/** Milliseconds before its end from which on a key is not used any more. */
const MARGIN = 60_000;
/** Milliseconds until Lightsail has seen the host keys of an instance at its console. */
const WITNESSED = 300_000;

/** Keys of instances, in a folder that nobody else can read and that goes away with lbctl, however it ends. */
export interface Keys {
  /** The way to an instance, by the name of which it is known. */
  transportTo(api: Api, machine: string): Transport;
  clear(): Promise<void>;
}

export function newKeys(): Keys {
  let folder: Promise<string> | undefined;
  let count = 0;

  function place(): Promise<string> {
    folder ??= mkdtemp(join(tmpdir(), 'lbctl-keys-')).then((path) => {
      clearAfterwards(path);
      return path;
    });
    return folder;
  }

  /** Brings the keys of an instance, with all that ssh needs to know; gives when they end. */
  async function bring(api: Api, machine: string, base: string): Promise<Date | null> {
    const access = await witnessed(api, machine);
    const path = join(await place(), base);
    const write = (name: string, text: string): Promise<void> =>
      writeFile(`${path}${name}`, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
    await write('', access.privateKey);
    if (access.certificate !== null) await write('-cert.pub', access.certificate);
    await write('.hosts', access.hostKeys.map((key) => `${machine} ${key}`).join('\n'));
    await write('.conf', configuration(machine, access, path));
    return access.expires;
  }

  function transportTo(api: Api, machine: string): Transport {
    const base = `key${++count}`;
    let expires: Date | null | undefined;
    let opened: Promise<Transport> | undefined;

    async function open(): Promise<Transport> {
      expires = await bring(api, machine, base);
      const path = join(await place(), base);
      return sshTransport(machine, { config: `${path}.conf`, knownHosts: `${path}.hosts` });
    }

    return {
      name: machine,
      async run(words, options) {
        // a new login, should one be needed, finds the new key where the old one was
        if (expires && expires.getTime() - MARGIN < Date.now()) expires = await bring(api, machine, base);
        opened ??= open().catch((error: unknown) => {
          opened = undefined;
          throw error;
        });
        return (await opened).run(words, options).catch((error: unknown) => {
          throw withFirewall(error, machine);
        });
      },
      async close() {
        const transport = await opened?.catch(() => undefined);
        opened = undefined;
        await transport?.close();
      },
    };
  }

  return {
    transportTo,
    async clear() {
      const path = await folder?.catch(() => undefined);
      folder = undefined;
      if (path !== undefined) await rm(path, { recursive: true, force: true });
    },
  };
}

/**
 * Only host keys that Lightsail has seen itself are trusted, so they are waited for.
 * @throws UserError `failed` where it never tells any.
 */
function witnessed(api: Api, machine: string): Promise<Access> {
  return until(
    async () => {
      const access = await api.access(machine);
      return access.hostKeys.length > 0 && access.address !== '' && access.privateKey !== '' ? access : null;
    },
    {
      what: `Lightsail does not tell the host keys of ${machine} in ${api.region}`,
      limit: WITNESSED,
      hint: `see what it tells: aws lightsail get-instance-access-details --instance-name ${machine} --region ${api.region} --query accessDetails.hostKeys`,
    },
  );
}

/** Nothing of the person's own configuration has a say: names and keys are all known. */
function configuration(machine: string, { address, user }: Access, path: string): string {
  return [
    `Host ${machine}`,
    `HostName ${address}`,
    // its keys are known by its name, whatever its address
    `HostKeyAlias ${machine}`,
    `User ${user}`,
    `IdentityFile ${path}`,
    'IdentitiesOnly yes',
    'IdentityAgent none',
    'CheckHostIP no',
  ].join('\n');
}

/** Nobody gets through a firewall that does not know them. */
function withFirewall(error: unknown, machine: string): unknown {
  if (!(error instanceof UserError) || !/^(?:connection-timeout|no-route)$/u.test(error.code)) return error;
  const { kind, code, message, evidence, cause } = error;
  return new UserError(kind, code, message, {
    evidence,
    cause,
    hint: `see whether ssh_from of lightsail in lb.yaml has your address (curl https://checkip.amazonaws.com), and ${machine} is not stopped`,
  });
}
