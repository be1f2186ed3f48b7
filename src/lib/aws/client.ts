import { LBCTL_VERSION } from '../version.ts';
import { readClock } from './clock.ts';
import type { Handler } from './handler.ts';
import { boundReads } from './patience.ts';

/** What all clients of the SDK have in common. */
interface ClientOptions {
  readonly region?: string;
  readonly maxAttempts?: number;
  readonly logger: Readonly<Record<'trace' | 'debug' | 'info' | 'warn' | 'error', () => void>>;
  readonly customUserAgent: [string, string][];
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
  readonly extensions: { configure(configuration: { httpHandler(): Handler }): void }[];
}

/** Times that a call is made at most; the SDK itself gives up after three, which a busy account meets too often. */
const ATTEMPTS = 5;
/** Milliseconds until a service has taken the connection. */
const CONNECT = 5_000;
/** Milliseconds until a service has begun to answer what changes something; `boundReads` has those of the rest. */
const ANSWER = 30_000;

const nothing = (): void => undefined;
/** Of what the SDK would print, errors tell what matters. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/**
 * Options for any client of the SDK: bounded time, bounded retries with backoff, and who calls. Credentials, profile and
 * endpoint are found by the SDK as everywhere on AWS (`AWS_PROFILE`, `AWS_ENDPOINT_URL`…).
 * @param region where it calls; that of the environment or the profile when left out.
 */
export function clientOptions(region?: string): ClientOptions {
  // It would warn of a Node that lbctl runs on all the same, in the middle of what is printed.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  return {
    ...(region === undefined ? {} : { region }),
    // whoever sets it themselves means it
    ...(process.env['AWS_MAX_ATTEMPTS'] ? {} : { maxAttempts: ATTEMPTS }),
    logger: SILENT,
    customUserAgent: [['lbctl', LBCTL_VERSION]],
    requestHandler: { connectionTimeout: CONNECT, requestTimeout: ANSWER, throwOnRequestTimeout: true },
    extensions: [
      {
        configure(configuration) {
          const handler = configuration.httpHandler();
          readClock(handler);
          boundReads(handler);
          refusePages(handler);
        },
      },
    ],
  };
}

/** Name of the error of a call that a web page answers. */
export const WEB_PAGE = 'WebPage';

/**
 * Proxies and the portals of networks answer with a page of theirs, and say that all is well: what the SDK reads there is
 * an answer in which nothing stands, as if AWS had nothing.
 */
function refusePages(handler: Handler): void {
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const answer = await handle(request, options);
    const { statusCode, headers } = answer.response;
    const isPage = statusCode < 300 && headers['content-type']?.startsWith('text/html');
    // what stands in for AWS in tests may call its answers pages, but numbers them as AWS does
    if (!isPage || headers['x-amzn-requestid'] || headers['x-amz-request-id']) return answer;
    throw Object.assign(new Error('a web page answers in its place'), { name: WEB_PAGE });
  };
}
