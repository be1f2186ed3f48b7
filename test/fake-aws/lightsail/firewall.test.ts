import {
  GetInstanceCommand,
  GetInstancePortStatesCommand,
  PutInstancePublicPortsCommand,
} from '@aws-sdk/client-lightsail';
import { describe, expect, it } from 'vitest';
import { startAccount, startInstance } from './account.ts';

const instanceName = 'shop-1';

describe('firewall', () => {
  const open = async (account: Awaited<ReturnType<typeof startAccount>>): Promise<unknown[]> => {
    const { portStates } = await account.client.send(new GetInstancePortStatesCommand({ instanceName }));
    return portStates!.map(({ fromPort, cidrs, state }) => [fromPort, ...cidrs!, state]).toSorted();
  };
  const everyone = '0.0.0.0/0';

  it.each([
    ['debian_12', [22, 80]],
    ['nginx', [22, 443, 80]],
  ])('of %s opens %j at first', async (blueprintId, ports) => {
    const account = await startAccount();
    await startInstance(account, { blueprintId });
    expect(await open(account)).toStrictEqual(ports.map((port) => [port, everyone, 'open']));
  });

  it('closes what is not put, and opens and closes one by one', async () => {
    const account = await startAccount();
    await startInstance(account);
    const { call, client } = account;
    const protocol = 'tcp' as const;
    const portInfos = [
      { fromPort: 443, toPort: 443, protocol },
      { fromPort: 22, toPort: 22, protocol, cidrs: ['198.51.100.7/32'], ipv6Cidrs: [] },
    ];
    await client.send(new PutInstancePublicPortsCommand({ instanceName, portInfos }));
    const put = [
      [22, '198.51.100.7/32', 'open'],
      [443, everyone, 'open'],
    ];
    expect(await open(account)).toStrictEqual(put);
    const portInfo = { fromPort: 8080, toPort: 8081, protocol };
    await call('OpenInstancePublicPorts', { instanceName, portInfo });
    expect(await open(account)).toStrictEqual([...put, [8080, everyone, 'open']]);
    await call('CloseInstancePublicPorts', { instanceName, portInfo });
    expect(await open(account)).toStrictEqual(put);
    const { instance } = await client.send(new GetInstanceCommand({ instanceName }));
    expect(instance!.networking!.ports).toMatchObject([
      { fromPort: 443, accessFrom: 'Anywhere (0.0.0.0/0)', ipv6Cidrs: ['::/0'] },
      { fromPort: 22, accessFrom: 'Custom', ipv6Cidrs: [] },
    ]);
  });
});
