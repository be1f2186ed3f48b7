import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { find, freePort, start } from './processes.js';

/** An sshd on all addresses of this machine that lets one key in. */
export async function startLogin(folder) {
  const port = await freePort();
  const [hostKey, key, log] = ['host_key', 'key', 'sshd.log'].map((name) => join(folder, name));
  for (const file of [hostKey, key]) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const settings = [
    'ListenAddress 0.0.0.0',
    `Port ${port}`,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${key}.pub`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PidFile none',
    'MaxStartups 100',
    'LogLevel VERBOSE',
  ];
  const config = [
    'Host *',
    `  IdentityFile ${key}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${join(folder, 'known_hosts')}`,
    '  GlobalKnownHostsFile /dev/null',
  ];
  writeFileSync(join(folder, 'sshd_config'), `${settings.join('\n')}\n`);
  writeFileSync(join(folder, 'ssh_config'), `${config.join('\n')}\n`);
  writeFileSync(join(folder, 'known_hosts'), `[127.0.2.*]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
  if (process.getuid() === 0) mkdirSync('/run/sshd', { recursive: true });
  const sshd = await start(find('sshd'), ['-D', '-f', join(folder, 'sshd_config'), '-E', log], port);
  return {
    config: join(folder, 'ssh_config'),
    destination: (address) => `ssh://${userInfo().username}@${address}:${port}`,
    logins: () => readFileSync(log, 'utf8').split('Accepted publickey').length - 1,
    stop: () => sshd.stop(),
  };
}
