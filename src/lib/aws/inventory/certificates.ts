import { ACMClient, type KeyAlgorithm, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { allPages } from '../pages.ts';
import type { Kind } from './kind.ts';

interface Certificate {
  readonly arn: string;
  /** Hosts that it is for, the first one being its own name. */
  readonly names: readonly string[];
  /** Day on which it ends, such as 2027-03-01. */
  readonly ends: string | undefined;
}

/** Keys that load balancers take; where none are named, ACM tells of certificates with RSA of 2048 bits alone. */
const KEYS: readonly KeyAlgorithm[] = [
  'RSA_2048',
  'RSA_3072',
  'EC_prime256v1',
  'EC_secp384r1',
  'EC_secp521r1',
];

/** Certificates of ACM that can be used. */
export const certificates: Kind<Certificate> = {
  doing: 'list certificates of ACM',
  actions: ['acm:ListCertificates'],
  scope: 'each',
  async list({ options, within }) {
    const client = new ACMClient(options);
    try {
      const all = await allPages(async (NextToken) => {
        const page = await client.send(
          new ListCertificatesCommand({
            NextToken,
            CertificateStatuses: ['ISSUED'],
            Includes: { keyTypes: [...KEYS] },
          }),
          within,
        );
        return { items: page.CertificateSummaryList, next: page.NextToken };
      });
      return all.map(
        ({ CertificateArn = '', DomainName = '', SubjectAlternativeNameSummaries, NotAfter }) => ({
          arn: CertificateArn,
          names: [...new Set([DomainName, ...(SubjectAlternativeNameSummaries ?? [])])],
          ends: NotAfter?.toISOString().slice(0, 10),
        }),
      );
    } finally {
      client.destroy();
    }
  },
};
