import { AwsError, type Common, MESSAGES } from '../errors.ts';
import type { Protocol, Sent } from './protocol.ts';
import { element, printXml, type Xml } from './xml.ts';

/** Status and code, from "Error codes for the Amazon EC2 API"; statuses are unverified. */
const COMMON: Readonly<Record<Common, readonly [number, string]>> = {
  'no token': [403, 'MissingAuthenticationToken'],
  malformed: [400, 'IncompleteSignature'],
  'unknown key': [401, 'AuthFailure'],
  'bad signature': [403, 'SignatureDoesNotMatch'],
  expired: [400, 'RequestExpired'],
  denied: [403, 'UnauthorizedOperation'],
  throttled: [503, 'RequestLimitExceeded'],
  internal: [500, 'InternalError'],
};

const VERSION = '2016-11-15';
const NAMESPACE = `http://ec2.amazonaws.com/doc/${VERSION}/`;

/** AWS Query as EC2 has it: what is answered stands right below the name of the operation, and errors in a frame of its own. */
export const ec2Query: Protocol = {
  read({ method, path, body }) {
    const { Action: operation, Version, ...input } = Object.fromEntries(new URLSearchParams(body));
    if (method !== 'POST' || path !== '/' || !operation)
      throw new AwsError(400, 'MissingAction', 'The request must contain the parameter Action');
    if (Version !== VERSION)
      throw new AwsError(
        400,
        'InvalidAction',
        `The action ${operation} is not valid for this web service version.`,
      );
    return { operation, input: { operation, ...input } };
  },
  answer(output, requestId) {
    const { operation, result } = output as { operation: string; result: readonly Xml[] };
    return send(200, element(`${operation}Response`, element('requestId', requestId), ...result));
  },
  refuse({ status, code, message }, requestId) {
    const error = element('Error', element('Code', code), element('Message', message));
    return send(status, element('Response', element('Errors', error), element('RequestID', requestId)));
  },
  common: (what) => new AwsError(...COMMON[what], MESSAGES[what]),
};

function send(status: number, body: Xml): Sent {
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body: printXml(body, NAMESPACE) };
}
