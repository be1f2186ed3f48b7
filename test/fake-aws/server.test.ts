import {
  GetRegionsCommand,
  GetStaticIpsCommand,
  LightsailClient,
  type LightsailClientConfig,
  ReleaseStaticIpCommand,
} from '@aws-sdk/client-lightsail';
import { ChangeTagsForResourceCommand, GetHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { AwsError } from './errors.ts';
import type { Fault } from './faults.ts';
import { json } from './protocols/json.ts';
import { type RestInput, type RestOutput, restXml } from './protocols/rest-xml.ts';
import { element } from './protocols/xml.ts';
import { rateLimit } from './rate.ts';
import { type FakeAws, startFakeAws } from './server.ts';
import { defineService, type Operation } from './service.ts';

type Names = { names: string[] };

const getStaticIps: Operation<Names> = {
  mutates: false,
  run: ({ names }) => ({ staticIps: names.map((name) => ({ name, createdAt: new Date(1.5e12) })) }),
};

/** A Lightsail of names of static IPs, which can only be released. */
function lightsail() {
  return defineService<Names>({
    name: 'lightsail',
    protocol: json('Lightsail_20161128'),
    state: { names: ['one', 'two', 'three'] },
    regions: ['us-east-1', 'eu-west-1'],
    operations: {
      GetStaticIps: getStaticIps,
      ReleaseStaticIp: {
        mutates: true,
        run(state, { staticIpName }: { staticIpName: string }) {
          const before = state.names.length;
          state.names = state.names.filter((name) => name !== staticIpName);
          if (state.names.length === before)
            throw new AwsError(404, 'NotFoundException', `no ${staticIpName}`);
          return {};
        },
      },
    },
    inventory: ({ names }) => names,
  });
}

function route53() {
  const tagged: string[] = [];
  return defineService({
    name: 'route53',
    protocol: restXml({
      namespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
      routes: {
        GetHostedZone: 'GET /2013-04-01/hostedzone/{Id}',
        ChangeTagsForResource: 'POST /2013-04-01/tags/{ResourceType}/{ResourceId}',
      },
    }),
    state: { tagged },
    operations: {
      GetHostedZone: {
        mutates: false,
        run(_, { path }: RestInput): RestOutput {
          const { Id: id } = path;
          if (id !== 'Z1') throw new AwsError(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${id}`);
          const zone = element(
            'HostedZone',
            element('Id', '/hostedzone/Z1'),
            element('Name', 'a&b.example.'),
          );
          return { body: element('GetHostedZoneResponse', zone) };
        },
      },
      ChangeTagsForResource: {
        mutates: true,
        run(state, { body }: RestInput) {
          const tag = body!.children.find(({ name }) => name === 'AddTags')!.children[0]!;
          state.tagged.push(tag.children.map(({ name, text }) => `${name}=${text}`).join());
          return { body: element('ChangeTagsForResourceResponse') };
        },
      },
    },
    inventory: (state) => state.tagged,
  });
}

const start = (options = {}): Promise<FakeAws> => startFakeAws([lightsail(), route53()], options);

function client(aws: FakeAws, more: LightsailClientConfig = {}): LightsailClient {
  const { url: endpoint, credentials } = aws;
  return new LightsailClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1, ...more });
}

async function names(from: LightsailClient): Promise<string[]> {
  const { staticIps = [] } = await from.send(new GetStaticIpsCommand());
  return staticIps.map(({ name }) => name!);
}

const release = (from: LightsailClient, staticIpName = 'two'): Promise<unknown> =>
  from.send(new ReleaseStaticIpCommand({ staticIpName }));

const outcomes = (aws: FakeAws): unknown[] => aws.calls.map(({ outcome, done }) => [outcome, done]);

describe('two services at one address', () => {
  it('speaks JSON with times, and keeps what came', async () => {
    const aws = await start();
    const { staticIps } = await client(aws).send(new GetStaticIpsCommand());
    expect(staticIps![0]).toStrictEqual({ name: 'one', createdAt: new Date(1.5e12) });
    await release(client(aws));
    expect(aws.changes()).toMatchObject([
      {
        service: 'lightsail',
        region: 'eu-west-1',
        operation: 'ReleaseStaticIp',
        input: { staticIpName: 'two' },
      },
    ]);
    expect(aws.inventory()['lightsail']).toStrictEqual(['one', 'three']);
  });

  it('speaks XML, with paths and characters that are escaped', async () => {
    const aws = await start();
    const { url: endpoint, credentials } = aws;
    const dns = new Route53Client({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 });
    const { HostedZone } = await dns.send(new GetHostedZoneCommand({ Id: 'Z1' }));
    expect(HostedZone).toMatchObject({ Id: '/hostedzone/Z1', Name: 'a&b.example.' });
    await expect(dns.send(new GetHostedZoneCommand({ Id: 'Z 2/*' }))).rejects.toMatchObject({
      name: 'NoSuchHostedZone',
      message: 'No hosted zone found with ID: Z 2/*',
      $metadata: { httpStatusCode: 404 },
    });
    const AddTags = [{ Key: '<a', Value: ' b&c ' }];
    await dns.send(
      new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: 'Z1', AddTags }),
    );
    expect(aws.inventory()['route53']).toStrictEqual(['Key=<a,Value= b&c ']);
    aws.fail({ fault: 'throttled' });
    await expect(dns.send(new GetHostedZoneCommand({ Id: 'Z1' }))).rejects.toMatchObject({
      name: 'Throttling',
    });
  });

  it('knows no operation that is not there, and tells the digest of what is', async () => {
    const aws = await start();
    const before = aws.digest();
    await expect(client(aws).send(new GetRegionsCommand())).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    await expect(release(client(aws), 'four')).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(aws.digest()).toBe(before);
    await release(client(aws));
    expect(aws.digest()).not.toBe(before);
  });
});

describe('who asks', () => {
  const secretAccessKey = 'another';
  it.each([
    ['UnrecognizedClientException', { credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey } }],
    ['InvalidSignatureException', { credentials: { accessKeyId: 'AKIAFAKEFAKEFAKEFAKE', secretAccessKey } }],
    ['InvalidSignatureException', { region: 'mars-1' }],
  ])('answers %s', async (name, config) => {
    const aws = await start();
    await expect(names(client(aws, config))).rejects.toMatchObject({ name });
    expect(aws.calls).toStrictEqual([]);
  });

  it.each([
    ['MissingAuthenticationTokenException', {}],
    ['IncompleteSignatureException', { authorization: 'AWS4-HMAC-SHA256 Credential=AKIA' }],
  ])('answers %s to a request by hand', async (name, headers) => {
    const { url } = await start();
    const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
    expect(await answer.json()).toMatchObject({ __type: name });
  });

  it('takes credentials with a token, and none without it', async () => {
    const credentials = { accessKeyId: 'ASIA1', secretAccessKey, sessionToken: 'to/ken=' };
    const aws = await start({ credentials });
    expect(await names(client(aws))).toHaveLength(3);
    const without = client(aws, { credentials: { ...credentials, sessionToken: 'old' } });
    await expect(names(without)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  it('allows some actions, and tells of the others', async () => {
    const aws = await start();
    aws.allow(['lightsail:Get*']);
    expect(await names(client(aws))).toHaveLength(3);
    await expect(release(client(aws))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('not authorized to perform: lightsail:ReleaseStaticIp on'),
    });
    expect(outcomes(aws)).toStrictEqual([
      ['OK', true],
      ['AccessDeniedException', false],
    ]);
  });
});

describe('faults', () => {
  it.each<[Fault, string, string, number]>([
    ['throttled', 'ThrottlingException', 'ThrottlingException', 3],
    ['internal', 'InternalFailure', 'InternalFailure', 3],
    ['denied', 'AccessDeniedException', 'AccessDeniedException', 3],
    ['expired', 'ExpiredTokenException', 'ExpiredTokenException', 3],
    ['cut before', 'ECONNRESET', 'cut', 3],
    ['internal after', 'InternalFailure', 'InternalFailure', 2],
    ['cut after', 'ECONNRESET', 'cut', 2],
    [
      { error: new AwsError(400, 'OperationFailureException', 'no') },
      'OperationFailureException',
      'OperationFailureException',
      3,
    ],
  ])('%j once, at the second', async (fault, name, outcome, left) => {
    const aws = await start();
    const struck = aws.fail({ operation: 'ReleaseStaticIp', skip: 1, fault });
    await release(client(aws), 'one');
    const error: unknown = await release(client(aws)).catch((error: unknown) => error);
    expect([(error as Error).name, (error as NodeJS.ErrnoException).code]).toContain(name);
    expect(aws.calls.at(-1)).toMatchObject({ outcome, done: left === 2 });
    expect(aws.inventory()['lightsail']).toHaveLength(left - 1);
    expect(struck.count()).toBe(1);
    expect(await names(client(aws))).toHaveLength(left - 1);
  });

  it.each<[Fault, number]>([
    ['hang before', 3],
    ['hang after', 2],
  ])('%s until the client gives up', async (fault, left) => {
    const aws = await start();
    let told = '';
    aws.fail({ fault, when: ({ mutating }) => mutating, onStrike: ({ operation }) => (told = operation) });
    const impatient = client(aws, { requestHandler: { requestTimeout: 400, throwOnRequestTimeout: true } });
    await expect(release(impatient)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(aws.inventory()['lightsail']).toHaveLength(left);
    expect(told).toBe('ReleaseStaticIp');
  });

  it('shows what was before some changes', async () => {
    const aws = await start();
    for (const name of ['one', 'two']) await release(client(aws), name);
    aws.fail({ fault: { behind: 1 } });
    aws.fail({ fault: { behind: 20 } });
    expect(await names(client(aws))).toStrictEqual(['two', 'three']);
    expect(await names(client(aws))).toStrictEqual(['one', 'two', 'three']);
    expect(await names(client(aws))).toStrictEqual(['three']);
  });

  it('is slow, many times, until it is stopped', async () => {
    const aws = await start();
    const struck = aws.fail({ operation: 'GetStaticIps', fault: { slow: 400 }, times: Infinity });
    const order: string[] = [];
    const slow = names(client(aws)).then(() => order.push('slow'));
    await release(client(aws)).then(() => order.push('fast'));
    await slow;
    expect(order).toStrictEqual(['fast', 'slow']);
    await names(client(aws));
    struck.stop();
    await names(client(aws));
    expect(struck.count()).toBe(2);
  });

  it('keeps a rate for each region', async () => {
    const aws = await start({ perSecond: 0.001 });
    await names(client(aws));
    await expect(names(client(aws))).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(await names(client(aws, { region: 'us-east-1' }))).toHaveLength(3);
    const limit = rateLimit(2);
    const at = [0, 100, 200, 500, 600, 1100].map((now) => limit('here', now));
    expect(at).toStrictEqual([true, true, false, true, false, true]);
  });

  it('shows which try of a client a call is', async () => {
    const aws = await start();
    aws.fail({ fault: 'internal', times: 2 });
    await names(client(aws, { maxAttempts: 3 }));
    expect(aws.calls.map(({ attempt }) => attempt)).toStrictEqual([1, 2, 3]);
  });
});

it('leads programs by variables', async () => {
  const aws = await start();
  expect(aws.env).toMatchObject({ AWS_ENDPOINT_URL: aws.url, AWS_CONFIG_FILE: '/dev/null' });
});
