import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AllocateStaticIpCommand, GetInstancesCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { clientOptions } from '../../../src/lib/aws/client.ts';
import { attempt, awsFailure, codeOf } from '../../../src/lib/aws/failure.ts';
import { whenSlow } from '../../../src/lib/aws/slow.ts';
import { Aborted, UserError } from '../../../src/lib/errors.ts';
import { temporaryFolder, writeFiles } from '../../support/folder.ts';
import { atEnd } from '../../support/lifetime.ts';
import { freePort } from '../../support/ports.ts';

/** What the endpoint does with each call, the last one again and again. */
let answers: ((response: ServerResponse) => void)[] = [];
let calls: { headers: Record<string, unknown> }[] = [];
let endpoint: string;

beforeAll(async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      calls.push({ headers: request.headers });
      (answers.length > 1 ? answers.shift()! : answers[0]!)(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => void server.closeAllConnections());
  atEnd(() => new Promise((resolve) => server.close(() => resolve())));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const home = await temporaryFolder();
  await writeFiles(home, {
    '.aws/credentials': '[ops]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n',
  });
  process.env['HOME'] = home;
});

beforeEach(() => {
  calls = [];
  for (const [key, value] of Object.entries({
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PROFILE: undefined,
    AWS_REGION: undefined,
  }))
    vi.stubEnv(key, value);
});
afterEach(() => void vi.unstubAllEnvs());

const says = (status: number, type: string, message: string) => (response: ServerResponse) =>
  void response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r-1' })
    .end(JSON.stringify({ __type: type, message }));

const call = { doing: 'list the instances', action: 'lightsail:GetInstances', region: 'eu-west-1' };

async function failure(region: string | undefined = 'eu-west-1'): Promise<UserError> {
  const client = new LightsailClient(clientOptions(region));
  const error = await attempt(call, () => client.send(new GetInstancesCommand({}))).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

test.each([200, 299])('a web page that answers %i is not taken for AWS', async (status) => {
  answers = [
    (response) =>
      void response
        .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
        .end('<h1>Welcome to the hotel</h1>'),
  ];
  const error = await failure();
  expect(error).toMatchObject({
    kind: 'failed',
    code: 'web-page',
    message: 'cannot list the instances in eu-west-1: a web page answers in its place',
    hint: `AWS_ENDPOINT_URL leads to ${endpoint}: see what answers there`,
  });
  const route53 = new Route53Client(clientOptions('us-east-1'));
  await expect(route53.send(new ListHostedZonesByNameCommand({}))).rejects.toThrow('a web page answers');
});

test.each(['text/html', 'text/plain'])(
  'an answer of %s in place of one of AWS is told in words',
  async (type) => {
    const page = (response: ServerResponse) =>
      void response.writeHead(502, { 'content-type': type }).end('<html>Bad gateway</html>');
    answers = [page];
    const what = type === 'text/html' ? 'a web page answers in its place' : 'its answer is none of AWS';
    const code = 'aws-trouble';
    expect(await failure()).toMatchObject({
      kind: 'failed',
      code,
      message: `cannot list the instances in eu-west-1: ${what} (HTTP 502)`,
    });
    const route53 = new Route53Client(clientOptions('us-east-1'));
    const zones = { doing: 'look for the zone', action: 'route53:ListHostedZonesByName' };
    await expect(
      attempt(zones, () => route53.send(new ListHostedZonesByNameCommand({}))),
    ).rejects.toMatchObject({
      code,
      message: expect.stringMatching(
        `^cannot look for the zone: (?:${what}|AWS gives no reason) \\(HTTP 502\\)$`,
      ),
    });
  },
);

describe('what AWS refuses', () => {
  test.each([
    [
      400,
      'AccessDeniedException',
      'User u is not authorized',
      'denied',
      'access-denied',
      'allow lightsail:GetInstances',
    ],
    [403, 'Forbidden', 'no', 'denied', 'access-denied', 'allow lightsail:GetInstances'],
    [400, 'UnauthenticatedException', 'who?', 'denied', 'no-credentials', 'aws sso login'],
    [400, 'ExpiredTokenException', 'The token is expired.', 'denied', 'expired-credentials', 'aws sso login'],
    [
      400,
      'UnrecognizedClientException',
      'token invalid',
      'denied',
      'unknown-credentials',
      'eu-west-1 that is not enabled',
    ],
    [
      403,
      'InvalidSignatureException',
      'does not match',
      'denied',
      'unknown-credentials',
      'aws sts get-caller-identity',
    ],
    [
      403,
      'InvalidSignatureException',
      'Signature expired: 2020',
      'failed',
      'clock-skew',
      'the clock of this machine is right',
    ],
    [400, 'OptInRequired', 'not subscribed', 'failed', 'region-not-enabled', '--region-name eu-west-1'],
    [400, 'RegionSetupInProgressException', 'wait', 'failed', 'setup-in-progress', 'in a few minutes'],
    [400, 'ThrottlingException', 'Rate exceeded', 'failed', 'throttled', 'in a minute'],
    [429, 'Whatever', 'slow down', 'failed', 'throttled', 'in a minute'],
    [
      400,
      'InvalidInputException',
      'You have reached the maximum number of static IPs',
      'failed',
      'quota-reached',
      '--service-code lightsail',
    ],
    [400, 'LimitExceededException', 'too many', 'failed', 'quota-reached', 'service-quotas'],
    [500, 'ServiceException', 'oops', 'failed', 'aws-trouble', 'health.aws.amazon.com'],
    [503, 'Whatever', 'oops', 'failed', 'aws-trouble', 'health.aws.amazon.com'],
    [400, 'InvalidInputException', 'Names are wrong.', 'failed', 'aws-refused', undefined],
  ] as const)('%i %s: %s', async (status, type, message, kind, code, hint) => {
    answers = [says(status, type, message)];
    const error = await failure();
    expect([error.kind, error.code]).toEqual([kind, code]);
    expect(error.message).toBe(
      `cannot list the instances in eu-west-1: ${message.replace(/\.$/u, '')} (${type}, request r-1)`,
    );
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toContain(hint);
    expect(codeOf(error)).toBe(type);
  });

  test('is told with the profile that was used', async () => {
    vi.stubEnv('AWS_PROFILE', 'ops');
    answers = [says(400, 'ExpiredTokenException', 'old')];
    expect((await failure()).hint).toContain('aws sso login --profile ops');
  });

  test('in no form that is known is told with its status', async () => {
    answers = [
      (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad</h1>'),
    ];
    const error = await failure();
    expect(error.code).toBe('aws-trouble');
    expect(error.message).not.toContain('undefined');
  });
});

test('an answer that AWS has not numbered leads to who gave it', async () => {
  answers = [(response) => void response.writeHead(200).end('<html>Hello</html>')];
  expect(await failure()).toMatchObject({
    kind: 'failed',
    code: 'aws-refused',
    message: 'cannot list the instances in eu-west-1: its answer is none of AWS (HTTP 200)',
    hint: `AWS_ENDPOINT_URL leads to ${endpoint}: see what answers there`,
  });
});

test.each(['nonsense', '127.0.0.1:4566', 'ftp://127.0.0.1'])('%s is no endpoint', async (url) => {
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  expect(await failure()).toMatchObject({
    kind: 'input',
    code: 'no-endpoint-url',
    message: `cannot list the instances in eu-west-1: AWS_ENDPOINT_URL is no URL of http or https: ${url}`,
    hint: 'unset AWS_ENDPOINT_URL, or write all of it, such as http://localhost:4566',
  });
});

describe('what does not answer', () => {
  test('a port where nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    const error = await failure();
    expect([error.kind, error.code]).toEqual(['failed', 'unreachable']);
    expect(error.message).toBe('cannot list the instances in eu-west-1: nobody listens at its endpoint');
    expect(error.hint).toContain(`AWS_ENDPOINT_URL leads to ${url}`);
  });

  test('a connection that is cut, and a Region that there is not', async () => {
    answers = [(response) => void response.socket!.destroy()];
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('was cut') as string,
    });
    const lost = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    expect(awsFailure(lost, { ...call, region: 'eu-wst-1' })).toMatchObject({
      hint: expect.stringContaining('eu-wst-1 is spelled right') as string,
    });
  });
});

describe('what takes the connection and never answers', () => {
  /** Lets time pass that nobody has to wait for, until a call has ended; gives its seconds and what was told of it. */
  async function passing(
    work: () => Promise<unknown>,
  ): Promise<{ error: unknown; seconds: number; told: string[] }> {
    const told: string[] = [];
    whenSlow((text) => told.push(text));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const state = { ended: false };
      const ending = work()
        .catch((caught: unknown) => caught)
        .finally(() => (state.ended = true));
      const start = Date.now();
      while (!state.ended) {
        // calls go over real sockets, whose events come in between
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        await vi.advanceTimersByTimeAsync(1000);
      }
      return { error: await ending, seconds: (Date.now() - start) / 1000, told };
    } finally {
      vi.useRealTimers();
      whenSlow(() => undefined);
    }
  }
  const client = () => new LightsailClient(clientOptions('eu-west-1'));

  beforeEach(() => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', undefined);
    answers = [() => undefined];
  });

  test('is asked twice what is only read, and told of after some seconds', async () => {
    const { error, seconds, told } = await passing(() =>
      attempt(call, () => client().send(new GetInstancesCommand({}))),
    );
    expect(error).toMatchObject({ kind: 'failed', code: 'unreachable' });
    expect((error as UserError).message).toContain('it does not answer in time');
    expect(calls).toHaveLength(2);
    expect(seconds).toBeLessThan(60);
    expect(told).toEqual(['waiting for AWS: list the instances in eu-west-1']);
  });

  test.each([
    [
      'Route 53',
      () => new Route53Client(clientOptions('us-east-1')).send(new ListHostedZonesByNameCommand({})),
    ],
    [
      'CloudWatch',
      () =>
        new CloudWatchClient(clientOptions('us-east-1')).send(new DescribeAlarmsCommand({ MaxRecords: 1 })),
    ],
    [
      'Elastic Load Balancing',
      () =>
        new ElasticLoadBalancingV2Client(clientOptions('us-east-1')).send(
          new DescribeLoadBalancersCommand({}),
        ),
    ],
  ])('is asked twice by the protocol of %s', async (_, send) => {
    const { error } = await passing(send);
    expect(error).toMatchObject({ name: 'NoAnswer' });
    expect(calls).toHaveLength(2);
  });

  test('is waited for where something is to be changed', async () => {
    const { seconds } = await passing(() =>
      client().send(new AllocateStaticIpCommand({ staticIpName: 'a' })),
    );
    expect(calls).toHaveLength(5);
    expect(seconds).toBeGreaterThan(100);
  });
});

describe('who calls', () => {
  test('nobody: no credentials anywhere', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    const error = await failure();
    expect([error.kind, error.code]).toEqual(['denied', 'no-credentials']);
    expect(error.message).toContain('there are no AWS credentials here');
    expect(error.hint).toContain('AWS_PROFILE');
    expect(calls).toEqual([]);
  });

  test('a profile that there is not', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_PROFILE', 'nobody');
    const error = await failure();
    expect([error.kind, error.code]).toEqual(['denied', 'no-such-profile']);
    expect(error.message).toContain('AWS_PROFILE names the profile nobody, which is not set up here');
    expect(error.hint).toBe(
      'these are: ops; set it up: aws configure --profile nobody, or go without: unset AWS_PROFILE',
    );
    vi.stubEnv('AWS_PROFILE', 'opps');
    expect((await failure()).hint).toBe('did you mean ops? export AWS_PROFILE=ops');
  });

  test('from nowhere', async () => {
    const client = new LightsailClient(clientOptions());
    const error = await attempt({ ...call, region: undefined }, () =>
      client.send(new GetInstancesCommand({})),
    ).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'input', code: 'no-region' });
  });

  test('lbctl, as AWS is told, without a word of the SDK itself', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    const print = vi.spyOn(console, 'warn');
    vi.stubEnv('AWS_PROFILE', 'ops');
    answers = [(response) => void response.writeHead(200).end('{"instances": []}')];
    await new LightsailClient(clientOptions('eu-west-1')).send(new GetInstancesCommand({}));
    expect(calls[0]!.headers['user-agent']).toContain('lbctl/');
    expect([warn.mock.calls, print.mock.calls]).toEqual([[], []]);
  });
});

test('a call that fails for a moment is made again, a few times at most', async () => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', undefined);
  answers = [says(500, 'ServiceException', 'oops'), (response) => void response.writeHead(200).end('{}')];
  await attempt(call, () =>
    new LightsailClient(clientOptions('eu-west-1')).send(new GetInstancesCommand({})),
  );
  expect(calls).toHaveLength(2);
  calls = [];
  answers = [says(500, 'ServiceException', 'oops')];
  expect((await failure()).message).toContain('5 attempts');
  expect(calls).toHaveLength(5);
});

test('what is no failure of a call stays what it is', () => {
  for (const error of [new TypeError('a defect'), new Aborted(), new UserError('failed', 'x', 'y'), 'text'])
    expect(awsFailure(error, call)).toBe(error);
});
