import { AwsError, type Common, MESSAGES } from '../errors.ts';
import type { Protocol, Sent } from './protocol.ts';
import { element, printXml, type Xml } from './xml.ts';

/** Status and code, from the "Common Errors" of services that speak it. */
const COMMON: Readonly<Record<Common, readonly [number, string]>> = {
  'no token': [403, 'MissingAuthenticationToken'],
  malformed: [400, 'IncompleteSignature'],
  'unknown key': [403, 'InvalidClientTokenId'],
  'bad signature': [403, 'SignatureDoesNotMatch'],
  expired: [403, 'ExpiredToken'],
  denied: [403, 'AccessDenied'],
  throttled: [400, 'Throttling'],
  internal: [500, 'InternalFailure'],
};

/**
 * AWS Query: a form with the operation as `Action`, answered in XML. An operation gets the other fields as they came,
 * such as `Names.member.1`, and gives the elements of its result.
 */
export function query(version: string, namespace: string): Protocol {
  const send = (status: number, body: Xml): Sent => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body: printXml(body, namespace),
  });
  return {
    read({ method, path, body }) {
      const { Action: operation, Version, ...input } = Object.fromEntries(new URLSearchParams(body));
      if (method !== 'POST' || path !== '/' || !operation)
        throw new AwsError(400, 'MissingAction', 'Missing Action');
      if (Version !== version)
        throw new AwsError(
          400,
          'InvalidAction',
          `Could not find operation ${operation} for version ${Version}`,
        );
      return { operation, input: { operation, ...input } };
    },
    answer(output, requestId) {
      const { operation, result } = output as { operation: string; result: readonly Xml[] };
      return send(
        200,
        element(
          `${operation}Response`,
          element(`${operation}Result`, ...result),
          element('ResponseMetadata', element('RequestId', requestId)),
        ),
      );
    },
    refuse({ status, code, message }, requestId) {
      const error = element(
        'Error',
        element('Type', status < 500 ? 'Sender' : 'Receiver'),
        element('Code', code),
        element('Message', message),
      );
      return send(status, element('ErrorResponse', error, element('RequestId', requestId)));
    },
    common: (what) => new AwsError(...COMMON[what], MESSAGES[what]),
  };
}
