import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, describe, vi } from 'vitest';
import { newKeys } from '../../../../src/lib/providers/lightsail/access.ts';
import { lightsailIn } from '../../../../src/lib/providers/lightsail/api.ts';
import { startAccount, startInstance, type Account } from '../../../fake-aws/lightsail/account.ts';
import {
  realMachines,
  type RealMachines,
  withoutMachines,
} from '../../../fake-aws/lightsail/machines/machines.ts';
import { temporaryFolder } from '../../../support/folder.ts';

describe.skipIf(withoutMachines())('the way to an instance', () => {
  let account: Account;
  let machines: RealMachines;
  beforeAll(async () => {
    machines = await realMachines();
    account = await startAccount({ machines, waits: { hostKeys: 1 } });
    for (const [key, value] of Object.entries({ ...account.aws.env, TMPDIR: await temporaryFolder() }))
      vi.stubEnv(key, value);
    await startInstance(account, { instanceNames: ['a1'] });
  }, 60_000);
  afterAll(() => void vi.unstubAllEnvs());
  const asked = (): number =>
    account.aws.calls.filter(({ operation }) => operation === 'GetInstanceAccessDetails').length;

  test('waits until Lightsail has seen the host keys, and keeps what it gets to itself', async () => {
    const keys = newKeys();
    const transport = keys.transportTo(lightsailIn('eu-west-1'), 'a1');
    expect((await transport.run(['id', '-un'])).stdout).toBe('root\n');
    expect(asked()).toBe(2);
    const folder = readdirSync(tmpdir()).find((name) => name.startsWith('lbctl-keys-'));
    const path = join(tmpdir(), folder!);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(path))
      expect([name, statSync(join(path, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(readFileSync(join(path, 'key1.hosts'), 'utf8')).toMatch(/^a1 ssh-ed25519 \S+\n$/u);
    // what is open needs no new key
    expect((await transport.run(['id', '-un'])).stdout).toBe('root\n');
    expect(asked()).toBe(2);
    await transport.close();
    await keys.clear();
    expect(readdirSync(tmpdir()).filter((name) => !name.startsWith('lbctl-test-'))).toEqual([]);
  });

  test('gets new keys when the old ones end', async () => {
    const { access } = machines;
    machines.access = (instance) => ({ ...access(instance), expiresAt: new Date(Date.now() + 30_000) });
    const keys = newKeys();
    const transport = keys.transportTo(lightsailIn('eu-west-1'), 'a1');
    const before = asked();
    for (const count of [1, 2]) {
      await transport.run(['true']);
      expect(asked() - before).toBe(count);
    }
    await transport.close();
    await keys.clear();
    machines.access = access;
  });

  test('trusts no host key but those that Lightsail has seen', async () => {
    const { access } = machines;
    const other = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
    machines.access = (instance) => ({ ...access(instance), hostKeys: [`ssh-ed25519 ${other}`] });
    const keys = newKeys();
    const transport = keys.transportTo(lightsailIn('eu-west-1'), 'a1');
    await expect(transport.run(['true'])).rejects.toMatchObject({
      kind: 'denied',
      code: expect.stringMatching(/^host-key/u) as string,
    });
    await transport.close();
    await keys.clear();
    machines.access = access;
  });

  test('names the firewall where nobody gets through', async () => {
    const keys = newKeys();
    const ports = [{ fromPort: 22, toPort: 22, protocol: 'tcp', cidrs: ['198.51.100.0/24'] }];
    await account.call('PutInstancePublicPorts', { instanceName: 'a1', portInfos: ports });
    const transport = keys.transportTo(lightsailIn('eu-west-1'), 'a1');
    const error = await transport.run(['true']).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'failed' });
    await transport.close();
    await keys.clear();
  });
});
