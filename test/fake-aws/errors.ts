/** What a service refuses, before its protocol writes it down. */
export class AwsError extends Error {
  /** @param body what the protocol answers instead of its usual form, where the service has one of its own. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body?: unknown,
  ) {
    super(message);
    this.name = code;
  }
}

/** What every service may answer, whatever it is asked; protocols have codes of their own for it. */
export type Common =
  | 'no token'
  | 'malformed'
  | 'unknown key'
  | 'bad signature'
  | 'expired'
  | 'denied'
  | 'throttled'
  | 'internal';

export const MESSAGES: Readonly<Record<Common, string>> = {
  'no token': 'Missing Authentication Token',
  malformed: 'Authorization header requires Credential, SignedHeaders and Signature',
  'unknown key': 'The security token included in the request is invalid.',
  'bad signature':
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  expired: 'The security token included in the request is expired',
  denied: 'You are not authorized to perform this operation.',
  throttled: 'Rate exceeded',
  internal: 'The request processing has failed because of an unknown error, exception or failure.',
};
