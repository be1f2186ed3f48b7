import { describe, expect, test } from 'vitest';
import { withoutMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { get, newLightsailAccount } from '../support/lightsail-account.ts';

describe.skipIf(withoutMachines())('a balancer on the NGINX of Bitnami', { timeout: 120_000 }, () => {
  test('takes the place of what the image serves, and finds nothing to do afterwards', async () => {
    const account = await newLightsailAccount();
    await account.write('mine', { lightsail: 'blueprint: nginx' });
    const first = await account.run(['up', '--yes', '--watch', '0']);
    expect(first).toMatchObject({ code: 0 });
    // NGINX is there, and no page is made
    expect(first.stderr).toContain('installing certbot and curl');
    expect(first.stderr).not.toMatch(/installing NGINX|health checks/u);
    const [{ name, publicIpAddress }] = account.instances() as [ReturnType<typeof account.instances>[number]];
    expect(await get(publicIpAddress)).toBe('mine');
    const { machine } = await account.machines.of(name);
    expect(machine.sh('readlink /opt/bitnami/nginx/conf/nginx.conf')).toMatch(/^\/etc\/lbctl\//u);
    // with another start of NGINX, its scripts find what lbctl brought
    machine.sh('/opt/bitnami/ctlscript.sh restart nginx');
    expect(await get(publicIpAddress)).toBe('mine');
    const again = await account.run(['up', '--yes']);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('no changes') as string });
  });
});
