import { expect, test } from 'vitest';
import { withoutMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { newLightsailAccount } from '../support/lightsail-account.ts';

test.skipIf(withoutMachines())(
  'calls of a balancer of twenty instances: five each that change something, its keys twice, and few lists',
  async () => {
    const account = await newLightsailAccount();
    Object.assign(account.lightsail.settings.quotas, { instances: 20, staticIps: 20 });
    await account.write('one', { lightsail: 'instances: 20' });

    /** Calls of a run that goes well. */
    async function callsOf(...args: string[]): Promise<Record<string, number>> {
      const before = account.aws.calls.length;
      expect(await account.run(args)).toMatchObject({ code: 0 });
      const counts: Record<string, number> = {};
      for (const call of account.since(before)) counts[call] = (counts[call] ?? 0) + 1;
      return counts;
    }

    const catalogue = { GetBlueprints: 1, GetBundles: 1, GetRegions: 1 };
    expect(await callsOf('plan')).toEqual({ GetInstances: 1, GetStaticIps: 1, ...catalogue });
    const { GetInstances: lists, ...others } = await callsOf('up', '--yes', '--watch', '0');
    expect(others).toEqual({
      GetStaticIps: 2,
      ...catalogue,
      CreateInstances: 20,
      AllocateStaticIp: 20,
      AttachStaticIp: 20,
      PutInstancePublicPorts: 20,
      TagResource: 20,
      GetInstanceAccessDetails: 40,
    });
    // all that wait share one
    expect(lists).toBeLessThan(40);

    const idle = { GetInstances: 1, GetStaticIps: 1, GetInstanceAccessDetails: 20 };
    expect(await callsOf('up', '--yes')).toEqual(idle);
    expect(await callsOf('plan', '--check')).toEqual(idle);
    expect(await callsOf('status')).toEqual({ ...idle, GetBundles: 1 });
  },
);
