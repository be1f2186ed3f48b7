import { AwsError } from '../errors.ts';
import { json } from '../protocols/json.ts';
import { defineService, type Operation } from '../service.ts';

export interface FakeCertificate {
  readonly arn: string;
  /** Its own name first. */
  readonly names: readonly string[];
  /** RSA_2048 when left out. */
  readonly key?: string;
  /** ISSUED when left out. */
  readonly status?: string;
  readonly ends?: Date;
}

interface State {
  readonly certificates: readonly FakeCertificate[];
}

interface Input {
  readonly CertificateStatuses?: readonly string[];
  readonly Includes?: { readonly keyTypes?: readonly string[] };
  readonly MaxItems?: number;
  readonly NextToken?: string;
}

/** As the SDK's model has them. */
const STATUSES = 'PENDING_VALIDATION ISSUED INACTIVE EXPIRED VALIDATION_TIMED_OUT REVOKED FAILED'.split(' ');
const KEYS = 'RSA_1024 RSA_2048 RSA_3072 RSA_4096 EC_prime256v1 EC_secp384r1 EC_secp521r1'.split(' ');
/** Certificates of a page where none is said (unverified). */
const PAGE = 100;
/** Other names that a summary has at most. */
const MOST_NAMES = 100;

/** AWS Certificate Manager, as far as certificates are listed; an operation more is one entry. */
export function fakeAcm(certificates: readonly FakeCertificate[]) {
  return defineService<State>({
    name: 'acm',
    protocol: json('CertificateManager'),
    state: { certificates },
    operations: { ListCertificates: listCertificates },
    inventory: (state) => state.certificates,
  });
}

const refused = (message: string): AwsError => new AwsError(400, 'ValidationException', message);

const listCertificates: Operation<State> = {
  mutates: false,
  run(state, input: Input, { region }) {
    const {
      CertificateStatuses: statuses = STATUSES,
      Includes: includes = {},
      MaxItems: most = PAGE,
    } = input;
    for (const key of Object.keys(input))
      if (!['CertificateStatuses', 'Includes', 'MaxItems', 'NextToken'].includes(key))
        throw new AwsError(400, 'SerializationException', `Unexpected field ${key}`);
    // without a filter, ACM tells of keys with RSA of 2048 bits alone
    const { keyTypes = ['RSA_2048'] } = includes;
    if (!statuses.every((status) => STATUSES.includes(status))) throw refused('certificateStatuses');
    if (!keyTypes.every((key) => KEYS.includes(key))) throw refused('includes.keyTypes');
    if (!Number.isInteger(most) || most < 1 || most > 1000) throw refused('maxItems');
    const from = Number(input.NextToken ?? 0);
    if (!Number.isInteger(from)) throw new AwsError(400, 'InvalidArgsException', 'NextToken is not valid');
    const all = state.certificates.filter(
      ({ arn, status = 'ISSUED', key = 'RSA_2048' }) =>
        arn.split(':')[3] === region && statuses.includes(status) && keyTypes.includes(key),
    );
    const to = from + most;
    return {
      CertificateSummaryList: all.slice(from, to).map(({ arn, names, key, status, ends }) => ({
        CertificateArn: arn,
        DomainName: names[0],
        SubjectAlternativeNameSummaries: names.slice(0, MOST_NAMES),
        KeyAlgorithm: key ?? 'RSA_2048',
        Status: status ?? 'ISSUED',
        ...(ends === undefined ? {} : { NotAfter: ends }),
      })),
      ...(to < all.length ? { NextToken: String(to) } : {}),
    };
  },
};
