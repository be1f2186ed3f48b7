import * as sdk from '@aws-sdk/client-lightsail';
import { sleep } from '../../support/wait.ts';
import { type FakeAws, startFakeAws } from '../server.ts';
import { type FakeLightsail, fakeLightsail } from './lightsail.ts';

/** An account with a client to it; calls are tried once. */
export interface Account {
  readonly aws: FakeAws;
  readonly lightsail: FakeLightsail;
  readonly client: sdk.LightsailClient;
  clientIn(region: string): sdk.LightsailClient;
  /** An operation by its name, with an input that may be one that the SDK would not take. */
  call(operation: string, input?: object, region?: string): Promise<Record<string, unknown>>;
}

/** @param more services beside Lightsail. */
export async function startAccount(
  options: Parameters<typeof fakeLightsail>[0] = {},
  more: Parameters<typeof startFakeAws>[0] = [],
): Promise<Account> {
  const lightsail = fakeLightsail(options);
  const aws = await startFakeAws([lightsail, ...more]);
  const clientIn = (region: string): sdk.LightsailClient =>
    new sdk.LightsailClient({ endpoint: aws.url, credentials: aws.credentials, region, maxAttempts: 1 });
  return {
    aws,
    lightsail,
    client: clientIn('eu-west-1'),
    clientIn,
    async call(operation, input = {}, region = 'eu-west-1') {
      const commands = sdk as unknown as Readonly<
        Record<string, new (input: object) => sdk.GetRegionsCommand>
      >;
      const command = new commands[`${operation}Command`]!({});
      // past the types and the serializer of the SDK, which leave out what they do not know
      command.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as { body: string; headers: Record<string, string> };
          request.body = JSON.stringify(input);
          request.headers['content-length'] = String(Buffer.byteLength(request.body));
          return next(args);
        },
        { step: 'build' },
      );
      const { $metadata: _, ...output } = await clientIn(region).send(command);
      return output as Record<string, unknown>;
    },
  };
}

/** What an instance is usually made of. */
export const SHOP = {
  instanceNames: ['shop-1'],
  availabilityZone: 'eu-west-1a',
  blueprintId: 'debian_12',
  bundleId: 'nano_3_0',
};

/** An instance that runs. */
export async function startInstance({ call }: Account, more: object = {}): Promise<void> {
  await call('CreateInstances', { ...SHOP, ...more });
  const [name] = { ...SHOP, ...more }.instanceNames;
  for (;;) {
    const answer = await call('GetInstanceState', { instanceName: name });
    if ((answer['state'] as sdk.InstanceState).name === 'running') return;
    await sleep(5);
  }
}
