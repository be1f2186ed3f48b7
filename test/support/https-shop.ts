import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './host.ts';
import { type Pebble, startPebble } from './pebble.ts';
import { newSshShop, type SshShop } from './ssh-shop.ts';

/** A balancer on machines that get certificates from a real authority. */
export interface HttpsShop extends SshShop {
  readonly pebble: Pebble;
  /** Writes lb.yaml: a body that every request is answered with, the hosts, and further keys of acme. */
  describe(body: string, hosts: string, acme?: string): Promise<void>;
  /** What a client gets there that trusts the authority and nobody else; the error where it does not. */
  answer(name: string, host?: Host): string;
  /** Fingerprint of the certificate that is shown there. */
  fingerprint(host?: Host): string;
  /** Does what the timer of a machine does. */
  renew(more?: string, host?: Host): string;
}

/** Days for which the certificates of the authority are good: so few that certbot always finds them due. */
const DAYS = 20;

/** The authority is on the first machine. */
export async function newHttpsShop(
  hosts: readonly Host[],
  { address = '127.0.0.1' }: { readonly address?: string } = {},
): Promise<HttpsShop> {
  const [first] = hosts as [Host, ...Host[]];
  const pebble = await startPebble(first, { validity: DAYS * 24 * 3600, address, trusting: hosts.slice(1) });
  const root = first.sh('curl -sk https://127.0.0.1:15000/roots/0');
  for (const host of hosts) host.sh(`cat >/run/root.pem <<'END'\n${root}\nEND`);
  const shop = await newSshShop(hosts);
  const nodes = hosts.map(({ sshd }) => sshd.destination());
  return {
    ...shop,
    pebble,
    describe: (body, names, acme = '') =>
      writeFile(
        join(shop.folder, 'lb.yaml'),
        `name: shop
provider: ssh
nodes: [${nodes.join(', ')}]
ssh: { config: ssh_config }
listeners:
  http: { port: 80, redirect: https }
  https: { port: 443, tls: { acme: { email: ops@example.com, directory: "${pebble.directory}"${acme} } } }
routes: [{ host: [${names}], paths: { /: { respond: { body: "${body}" } } } }]
`,
      ),
    answer: (name, host = first) =>
      host.sh(
        `curl -sS --cacert /run/root.pem --resolve ${name}:443:127.0.0.1 https://${name}/ 2>&1 || true`,
      ),
    fingerprint: (host = first) =>
      host.sh(
        'openssl s_client -connect 127.0.0.1:443 -servername shop.example.com </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256',
      ),
    renew: (more = '', host = first) =>
      host.sh(`$(sed -n 's/.* root //; s/ >.*//; $p' /etc/cron.d/lbctl-certificates) ${more}`),
  };
}
