import { connect } from 'node:tls';
import type { Holder } from './plan.ts';
import type { Wanted } from './wanted.ts';

/** Longest wait for a handshake, in milliseconds. */
const TIMEOUT = 5000;

/** What whoever comes from here to a host is shown that they should not be, a line each. */
export async function lookFromOutside(
  wanted: readonly Wanted[],
  holders: readonly Holder[],
): Promise<string[]> {
  const lines = wanted.flatMap(({ name, hosts, port }) => {
    const own = holders.flatMap(({ held }) =>
      held.certificates.filter((one) => one.name === name && one.issued),
    );
    const known = new Set(own.map(({ fingerprint }) => fingerprint));
    return hosts.map(async (host) => {
      const asked = host.replace('*', 'lbctl-check');
      const seen = await fingerprintAt(asked, port);
      if (seen instanceof Error)
        return [
          `https://${asked}${port === 443 ? '' : `:${port}`} cannot be reached from here (${seen.message}): its certificate could not be looked at`,
        ];
      return known.has(seen)
        ? []
        : [
            `${asked}:${port} shows another certificate than the nodes have: it leads to another machine, or something stands in front`,
          ];
    });
  });
  return (await Promise.all(lines)).flat();
}

/** First 32 digits of the SHA-256 of the certificate that is shown there, or why there is none. */
function fingerprintAt(host: string, port: number): Promise<string | Error> {
  return new Promise((resolve) => {
    // whether it is to be trusted, the authority decides: here it is compared
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false, timeout: TIMEOUT });
    const end = (result: string | Error): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('secureConnect', () =>
      end(socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase().slice(0, 32)),
    );
    socket.once('timeout', () => end(new Error('no answer within 5 s')));
    socket.once('error', (error: NodeJS.ErrnoException) => end(new Error(error.code ?? error.message)));
  });
}
