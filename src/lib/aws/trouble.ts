import type { ErrorKind } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Call } from './call.ts';
import { WEB_PAGE } from './client.ts';
import { aheadText, SET_CLOCK, TAKEN } from './clock.ts';
import { NO_ANSWER } from './patience.ts';
import { profilesHere } from './profiles.ts';

/** What is known of a call that failed. */
export interface Trouble {
  /** AWS's code where it answered, such as `AccessDeniedException`. */
  readonly name: string;
  readonly message: string;
  /** Code of Node where there was no connection, such as `ENOTFOUND`. */
  readonly socket: string | null;
  readonly answered: boolean;
  readonly status: number | null;
  readonly request: string | null;
  readonly attempts: number | null;
  readonly throttled: boolean;
  /** Seconds by which the clock here is ahead of the answer; null where it does not tell. */
  readonly ahead: number | null;
}

type Env = Readonly<Record<string, string | undefined>>;

/** A way in which calls fail. */
interface Kind {
  readonly kind: ErrorKind;
  readonly code: string;
  isIt(trouble: Trouble, env: Env): boolean;
  /** In place of AWS's own words, where those do not help. */
  readonly says?: (trouble: Trouble, env: Env) => string;
  readonly hint: (trouble: Trouble, call: Call, env: Env) => string | undefined;
}

const profile = ({ AWS_PROFILE }: Env): string => (AWS_PROFILE ? ` --profile ${AWS_PROFILE}` : '');
const login = (env: Env): string => `aws sso login${profile(env)}`;
const whoAmI = (env: Env): string => `aws sts get-caller-identity${profile(env)}`;

/** The first that fits counts. Codes are those of the SDK models; those of other services than Lightsail differ. */
const KINDS: readonly Kind[] = [
  {
    kind: 'failed',
    code: 'web-page',
    isIt: ({ name, status }) => name === WEB_PAGE && (status ?? 0) < 500,
    says: () => PAGE_ANSWERS,
    hint: (_, __, env) => whoAnswers(env),
  },
  {
    kind: 'input',
    code: 'no-endpoint-url',
    isIt: ({ socket, request }, env) =>
      socket === 'ERR_INVALID_URL' || (request === null && wrongEndpoint(env) !== undefined),
    says: (_, env) => {
      const [name, value] = wrongEndpoint(env) ?? [];
      return name === undefined ? 'its endpoint is no URL' : `${name} is no URL of http or https: ${value}`;
    },
    hint: (_, __, env) => {
      const [name] = wrongEndpoint(env) ?? [];
      return name === undefined
        ? 'see what endpoint_url of the profile says: aws configure get endpoint_url'
        : `unset ${name}, or write all of it, such as http://localhost:4566`;
    },
  },
  {
    kind: 'input',
    code: 'no-region',
    // an empty AWS_REGION names none, too
    isIt: ({ message, answered }) =>
      !answered && /^Region (?:is missing$|not accepted: region="")/u.test(message),
    says: () => 'no Region is named',
    hint: () => 'name one: export AWS_REGION=us-east-1',
  },
  {
    kind: 'denied',
    code: 'expired-credentials',
    isIt: ({ name, message, answered }) =>
      name.startsWith('ExpiredToken') || (!answered && isOfCredentials(name) && /expired/iu.test(message)),
    hint: (_, __, env) => `log in again: ${login(env)}, or renew the keys that AWS_* variables hold`,
  },
  {
    kind: 'denied',
    code: 'no-such-profile',
    isIt: ({ name, answered }, env) =>
      !answered &&
      isOfCredentials(name) &&
      Boolean(env['AWS_PROFILE']) &&
      !profilesHere(env).includes(env['AWS_PROFILE']!),
    says: (_, { AWS_PROFILE }) => `AWS_PROFILE names the profile ${AWS_PROFILE}, which is not set up here`,
    hint: (_, __, env) => {
      const { AWS_PROFILE = '' } = env;
      const others = profilesHere(env);
      const close = nearest(AWS_PROFILE, others);
      if (close !== undefined) return `did you mean ${close}? export AWS_PROFILE=${close}`;
      const known = others.length === 0 ? 'none is' : `these are: ${others.join(', ')}`;
      return `${known}; set it up: aws configure --profile ${AWS_PROFILE}, or go without: unset AWS_PROFILE`;
    },
  },
  {
    kind: 'denied',
    code: 'no-credentials',
    isIt: ({ name, answered }) =>
      isOfCredentials(name) || (answered && /^(?:MissingAuthenticationToken|Unauthenticated)/u.test(name)),
    says: ({ message }, { AWS_PROFILE }) =>
      /any providers/u.test(message)
        ? `there are no AWS credentials ${AWS_PROFILE ? `for the profile ${AWS_PROFILE}` : 'here'}`
        : message.replace(/\.$/u, ''),
    hint: (_, __, env) =>
      `log in: ${login(env)}, name a profile that is set up: export AWS_PROFILE=NAME (aws configure list-profiles), ` +
      'or give keys: export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…',
  },
  {
    kind: 'failed',
    code: 'clock-skew',
    isIt: (trouble) =>
      /^Request(?:TimeTooSkewed|Expired|InTheFuture)$/u.test(trouble.name) ||
      (/^InvalidSignature|^SignatureDoesNotMatch|^AuthFailure/u.test(trouble.name) &&
        (isSkewed(trouble) || /expired|not yet current/iu.test(trouble.message))),
    says: (trouble) =>
      isSkewed(trouble)
        ? `the clock of this machine is ${aheadText(trouble.ahead!)}, so that it takes no signature made here`
        : sentence(trouble.message),
    hint: (trouble) =>
      trouble.ahead === null || isSkewed(trouble)
        ? `set the clock of this machine: ${SET_CLOCK}`
        : 'the clock of this machine is right, so the call took minutes to arrive: see whether a proxy holds it back, then run the command again',
  },
  {
    kind: 'denied',
    code: 'unknown-credentials',
    isIt: ({ name }) =>
      /^(?:UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|InvalidSignature|SignatureDoesNotMatch|AuthFailure|NotAuthorized)/u.test(
        name,
      ),
    hint: (_, { region }, env) =>
      `see whose keys these are: ${whoAmI(env)}; ` +
      `${region === undefined ? 'a Region' : region} that is not enabled for the account refuses good keys, too: aws account enable-region`,
  },
  {
    kind: 'denied',
    code: 'access-denied',
    isIt: ({ name, status }) =>
      /^(?:AccessDenied|Unauthorized|AuthorizationError|Forbidden)/u.test(name) || status === 403,
    hint: (_, { action }, env) =>
      `allow ${action} to whoever runs lbctl (${whoAmI(env)}), or take another profile: export AWS_PROFILE=NAME`,
  },
  {
    kind: 'failed',
    code: 'region-not-enabled',
    isIt: ({ name }) => /^(?:OptInRequired|RegionDisabled)/u.test(name),
    hint: (_, { region = 'REGION' }) =>
      `enable it: aws account enable-region --region-name ${region}, which takes some minutes`,
  },
  {
    kind: 'failed',
    code: 'setup-in-progress',
    isIt: ({ name }) => /^(?:Account|Region)SetupInProgress/u.test(name),
    hint: () =>
      'AWS is setting up the account there, as at its first use: run the command again in a few minutes',
  },
  {
    kind: 'failed',
    code: 'quota-reached',
    // Lightsail tells it in words alone
    isIt: ({ name, message, answered }) =>
      /^(?:ServiceQuotaExceeded|LimitExceeded|Too(?:Many(?!Requests)))|(?:LimitExceeded|QuotaExceeded)(?:Exception)?$/u.test(
        name,
      ) ||
      (answered && /\b(?:quota|maximum number of|limit (?:of|exceeded)|reached .*limit)/iu.test(message)),
    hint: (_, { action }) =>
      `ask for more: aws service-quotas list-service-quotas --service-code ${action.split(':')[0]}, or remove what is not needed`,
  },
  {
    kind: 'failed',
    code: 'throttled',
    isIt: ({ name, status, throttled }) =>
      throttled ||
      status === 429 ||
      /Throttl|^(?:TooManyRequests|RequestLimitExceeded|SlowDown|PriorRequestNotComplete)/u.test(name),
    hint: () => 'others use the account at the same time: run the command again in a minute',
  },
  {
    kind: 'failed',
    code: 'unreachable',
    isIt: ({ socket, name, answered }) =>
      !answered && (socket !== null || name === 'TimeoutError' || name === NO_ANSWER),
    says: ({ socket, message, name }) =>
      SOCKETS[socket ?? ''] ?? (name === 'TimeoutError' ? 'it does not answer in time' : message),
    hint: ({ socket }, { region = 'the Region' }, env) => {
      const endpoint = endpointIn(env);
      if (endpoint) return `${endpoint}: see whether something answers there`;
      return socket === 'ENOTFOUND'
        ? `see whether ${region} is spelled right and has the service; if so, this machine finds no names`
        : 'see whether this machine reaches the internet, or needs a proxy; then run the command again';
    },
  },
  {
    kind: 'failed',
    code: 'aws-trouble',
    isIt: ({ status, name }) => (status !== null && status >= 500) || /^Service(?:Exception)?$/u.test(name),
    says: ({ name, message }) => (name === WEB_PAGE ? PAGE_ANSWERS : sentence(message)),
    hint: ({ name }) =>
      `AWS itself${name === WEB_PAGE ? ' or a proxy in between' : ''} has trouble: run the command again; ` +
      'https://health.aws.amazon.com tells of outages',
  },
  {
    kind: 'failed',
    code: 'aws-refused',
    isIt: ({ answered }) => answered,
    // AWS numbers its answers
    hint: ({ request }, _, env) => (request === null ? whoAnswers(env) : undefined),
  },
];

function isSkewed({ ahead }: Trouble): boolean {
  return ahead !== null && Math.abs(ahead) > TAKEN;
}

const PAGE_ANSWERS = 'a web page answers in its place';

const SOCKETS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its endpoint has no address',
  EAI_AGAIN: 'the address of its endpoint cannot be found now',
  ECONNREFUSED: 'nobody listens at its endpoint',
  ECONNRESET: 'the connection to its endpoint was cut',
  EPIPE: 'the connection to its endpoint was cut',
  ETIMEDOUT: 'its endpoint does not answer',
  EHOSTUNREACH: 'no way leads to its endpoint',
  ENETUNREACH: 'no way leads to its endpoint',
};

/** What to do where something else than AWS answers. */
function whoAnswers(env: Env): string {
  const endpoint = endpointIn(env);
  return endpoint
    ? `${endpoint}: see what answers there`
    : 'a proxy or the portal of a network may be in between: see whether one wants you to log in, then run the command again';
}

/** `AWS_ENDPOINT_URL leads to http://…`, where one is set. */
function endpointIn(env: Env): string | undefined {
  const [endpoint] = endpointsIn(env);
  return endpoint && `${endpoint[0]} leads to ${endpoint[1]}`;
}

/** A variable that should hold the URL of an endpoint, and does not. */
function wrongEndpoint(env: Env): readonly [name: string, value: string] | undefined {
  return endpointsIn(env).find(([, value]) => !(/^https?:\/\//iu.test(value) && URL.canParse(value)));
}

function endpointsIn(env: Env): [name: string, value: string][] {
  return Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('AWS_ENDPOINT_URL') && value ? [[name, value] as [string, string]] : [],
  );
}

function isOfCredentials(name: string): boolean {
  return /^(?:CredentialsProvider|TokenProvider|ProviderError)/u.test(name);
}

/** What AWS says, without what follows in other lines. */
export function sentence(message: string): string {
  const [line = ''] = message.trim().split('\n');
  return line === '' ? 'AWS gives no reason' : line.replace(/\.$/u, '');
}

/** How a call failed; undefined where what went wrong is no answer of AWS. */
export function kindOf(trouble: Trouble, env: Env): Kind | undefined {
  return KINDS.find((kind) => kind.isIt(trouble, env));
}
