import { GetInstanceStateCommand, LightsailClient, StopInstanceCommand } from '@aws-sdk/client-lightsail';
import { expect, test } from 'vitest';
import { withoutMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { get, newLightsailAccount } from '../support/lightsail-account.ts';
import { until } from '../support/wait.ts';

test.skipIf(withoutMachines())(
  'an instance that somebody stopped is started again by up, and serves',
  async () => {
    const account = await newLightsailAccount();
    await account.write('one');
    expect(await account.run(['up', '--yes', '--watch', '0'])).toMatchObject({ code: 0 });
    const { name, publicIpAddress: address = '' } = account.instances()[0]!;
    expect(await get(address)).toBe('one');
    const { url: endpoint, credentials } = account.aws;
    const client = new LightsailClient({ endpoint, credentials, region: 'eu-west-1' });
    await client.send(new StopInstanceCommand({ instanceName: name }));
    await until('it is stopped', async () => {
      const { state } = await client.send(new GetInstanceStateCommand({ instanceName: name }));
      return state!.name === 'stopped';
    });
    expect(await get(address)).toBe('ECONNREFUSED');
    const status = await account.run(['status']);
    console.log(status);
    await account.write('two');
    const up = await account.run(['up', '--yes', '--watch', '0']);
    expect(up).toMatchObject({ code: 0 });
    expect(account.instances()).toMatchObject([{ name, publicIpAddress: address, state: 'running' }]);
    expect(await get(address)).toBe('two');
  },
);
