import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Access, Machines } from './settings.ts';

/** One for all: to make it takes longer than most tests. */
let made: Access | undefined;

/** No machines: instances are up at once, at addresses of documentation, and their keys open nothing. */
export function paper(): Machines {
  let given = 0;
  return {
    address() {
      given++;
      return given < 255 ? `203.0.113.${given}` : `198.51.100.${given % 255}`;
    },
    follow: () => Promise.resolve(),
    isUp: () => true,
    access: () => (made ??= makeAccess()),
  };
}

function makeAccess(): Access {
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-test-'));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const make = (...args: string[]): void => {
    const { status, stderr } = spawnSync('ssh-keygen', ['-q', ...args], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
  };
  try {
    for (const name of ['ca', 'host', 'key']) make('-t', 'ed25519', '-N', '', '-C', name, '-f', name);
    make('-s', 'ca', '-I', 'test', '-n', 'anybody', '-V', '-1m:+1h', 'key.pub');
    return {
      privateKey: read('key'),
      certKey: read('key-cert.pub'),
      expiresAt: new Date(Date.now() + 3_600_000),
      hostKeys: [read('host.pub').trim()],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
