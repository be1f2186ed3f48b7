import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './folder.ts';

const run = promisify(execFile);

/** PEM texts of a certificate and its key. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A certificate for some host names, and addresses, valid for `days`; a negative number makes one that has expired. */
  issue(names: readonly string[], days?: number, addresses?: readonly string[]): Promise<Certificate>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of its own, by the openssl program. */
export async function createAuthority(name = 'Test CA'): Promise<Authority> {
  const folder = await temporaryFolder();
  const file = (path: string): string => join(folder, path);
  const authority = [
    '-x509',
    '-subj',
    `/CN=${name}`,
    '-days',
    '10',
    '-addext',
    'keyUsage=critical,keyCertSign',
  ];
  await run('openssl', ['req', ...KEY, ...authority, '-keyout', file('ca.key'), '-out', file('ca.pem')]);
  let count = 0;
  return {
    ...(await readPair(file('ca.pem'), file('ca.key'))),
    async issue(names, days = 5, addresses = []) {
      const id = `leaf-${++count}`;
      const [key, csr, pem, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) => file(`${id}.${end}`)) as [
        string,
        string,
        string,
        string,
      ];
      await writeFile(
        extensions,
        `subjectAltName=${[...names.map((host) => `DNS:${host}`), ...addresses.map((address) => `IP:${address}`)].join(',')}\n`,
      );
      await run('openssl', ['req', '-new', ...KEY, '-subj', `/CN=${names[0]}`, '-keyout', key, '-out', csr]);
      const issuer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-set_serial', String(count)];
      const validity = ['-days', String(days), '-extfile', extensions];
      await run('openssl', ['x509', '-req', '-in', csr, ...issuer, ...validity, '-out', pem]);
      return readPair(pem, key);
    },
  };
}

async function readPair(cert: string, key: string): Promise<Certificate> {
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}
