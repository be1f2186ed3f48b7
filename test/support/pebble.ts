import { createAuthority } from './certificates.ts';
import type { Machine } from './host.ts';

/** A real ACME authority in the network of a machine, and the DNS that it believes. */
export interface Pebble {
  /** Address of its directory, as the machine reaches it. */
  readonly directory: string;
  /** Who vouches for the directory, in PEM form. */
  readonly vouching: string;
  /** Lets a name lead to an address from now on; all names lead to 127.0.0.1 at first. */
  lead(host: string, address: string): void;
  /** Orders that were placed so far. */
  orders(): number;
}

interface PebbleOptions {
  /** Seconds for which its certificates are good. */
  readonly validity?: number;
  /** Address of its machine that others reach it at. */
  readonly address?: string;
  /** Other machines that are to trust it. */
  readonly trusting?: readonly Pick<Machine, 'sh'>[];
}

const FOLDER = '/run/pebble';

/** Starts it there; it ends with the machine. */
export async function startPebble(
  host: Pick<Machine, 'sh'>,
  { validity = 90 * 24 * 3600, address = '127.0.0.1', trusting = [] }: PebbleOptions = {},
): Promise<Pebble> {
  const authority = await createAuthority('Pebble');
  const { cert, key } = await authority.issue(['pebble.test'], 5, [address]);
  const config = {
    pebble: {
      listenAddress: `${address}:14000`,
      managementListenAddress: '127.0.0.1:15000',
      certificate: `${FOLDER}/cert.pem`,
      privateKey: `${FOLDER}/key.pem`,
      httpPort: 80,
      tlsPort: 443,
      certificateValidityPeriod: validity,
    },
  };
  const write = (name: string, text: string): string => `cat >${FOLDER}/${name} <<'END'\n${text}\nEND`;
  host.sh(
    [
      `mkdir -p ${FOLDER}`,
      write('cert.pem', cert),
      write('key.pem', key),
      write('config.json', JSON.stringify(config)),
      // names of nobody are answered by nobody, unless they are told
      `pebble-challtestsrv -dns01 127.0.0.1:8053 -management 127.0.0.1:8055 -http01 '' -https01 '' -tlsalpn01 '' -defaultIPv6 '' >${FOLDER}/dns.log 2>&1 &`,
      `PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 PEBBLE_AUTHZREUSE=0 pebble -config ${FOLDER}/config.json -dnsserver 127.0.0.1:8053 >${FOLDER}/log 2>&1 &`,
      `for i in $(seq 100); do curl -sk https://${address}:14000/dir >/dev/null && curl -s http://127.0.0.1:8055/ >/dev/null && break; sleep 0.1; done`,
    ].join('\n'),
  );
  for (const machine of [host, ...trusting])
    machine.sh(`cat >>/etc/ssl/certs/ca-certificates.crt <<'END'\n${authority.cert}\nEND`);
  return {
    vouching: authority.cert,
    directory: `https://${address}:14000/dir`,
    lead: (name, to) =>
      void host.sh(`curl -sf -d '{"host":"${name}","addresses":["${to}"]}' http://127.0.0.1:8055/add-a`),
    orders: () => Number(host.sh(`grep -c 'Added order' ${FOLDER}/log || true`)),
  };
}
