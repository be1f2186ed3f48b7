import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../../support/lifetime.ts';
import type { Credentials } from '../signature.ts';

/** What an instance can be told of itself. */
export interface Metadata {
  readonly instance: string;
  /** None where the launch template does not let tags into the metadata. */
  readonly tags?: Readonly<Record<string, string>>;
  /** None where it has no profile. */
  readonly role?: { readonly name: string; readonly credentials: Credentials };
}

/** The metadata service of one instance, in its second version alone; gives the port of loopback where it is. */
export async function startMetadata({ instance, tags, role }: Metadata): Promise<number> {
  const tokens = new Set<string>();
  const pages: Readonly<Record<string, string | undefined>> = {
    'instance-id': instance,
    ...Object.fromEntries(
      Object.entries(tags ?? {}).map(([name, value]) => [`tags/instance/${name}`, value]),
    ),
    ...(role && {
      'iam/security-credentials/': role.name,
      [`iam/security-credentials/${role.name}`]: JSON.stringify(
        {
          Code: 'Success',
          LastUpdated: new Date().toISOString(),
          Type: 'AWS-HMAC',
          AccessKeyId: role.credentials.accessKeyId,
          SecretAccessKey: role.credentials.secretAccessKey,
          Token: role.credentials.sessionToken,
          Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
        },
        null,
        2,
      ),
    }),
  };
  const server = createServer(({ method, url, headers }, response) => {
    const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
    if (method === 'PUT' && url === '/latest/api/token' && seconds >= 1 && seconds <= 21_600) {
      const token = randomUUID();
      tokens.add(token);
      response.end(token);
    } else if (method !== 'GET') response.writeHead(400).end();
    else if (!tokens.has(String(headers['x-aws-ec2-metadata-token']))) response.writeHead(401).end();
    else {
      const page = pages[decodeURIComponent(url!).replace('/latest/meta-data/', '')];
      response.writeHead(page === undefined ? 404 : 200).end(page);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
