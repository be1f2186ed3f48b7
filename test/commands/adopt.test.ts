import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startAccount, startInstance } from '../fake-aws/lightsail/account.ts';
import type { FakeLightsail } from '../fake-aws/lightsail/lightsail.ts';
import { lbctl, type Run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

describe('an instance that was built by hand', () => {
  let lightsail: FakeLightsail;
  let run: (...args: string[]) => Promise<Run>;
  const write = async (folder: string, lightsailKeys: string): Promise<void> =>
    writeFile(
      join(folder, 'lb.yaml'),
      `name: shop
provider: lightsail
regions: [eu-west-1]
lightsail: { ssh_from: [203.0.113.7], ${lightsailKeys} }
listeners: { http: { port: 80 } }
routes: [{ paths: { /: { respond: 204 } } }]
`,
    );
  let folder: string;
  beforeAll(async () => {
    const account = await startAccount();
    ({ lightsail } = account);
    folder = await temporaryFolder();
    const env = { ...account.aws.env, HOME: folder };
    run = (...args) => lbctl(args, { cwd: folder, env });
    await startInstance(account, { instanceNames: ['my-nginx'], tags: [{ key: 'team', value: 'web' }] });
    await startInstance(account, {
      instanceNames: ['other'],
      tags: [{ key: 'lbctl:balancer', value: 'blog' }],
    });
    await write(folder, 'bundle: nano');
  });
  const tags = () => lightsail.inventory().instances.find(({ name }) => name === 'my-nginx')!.tags;

  test('is shown with what up would change, and stays as it is without a yes', async () => {
    const { code, stderr } = await run('adopt', 'my-nginx');
    expect(code).toBe(2);
    expect(stderr).toContain('becomes one of shop');
    expect(stderr).toContain('hint: pass --yes');
    const then = stderr.slice(stderr.indexOf('Then lbctl up would change:'));
    for (const step of [
      '+   static address shop-eu-west-1-ip-1',
      '~   tags of my-nginx',
      '+   nginx on my-nginx',
      '- tcp 22 from everywhere',
    ])
      expect(then).toContain(step);
    expect(tags()).toEqual([{ key: 'team', value: 'web' }]);
  });

  test('would be made anew where it is of another size, which is told', async () => {
    await write(folder, 'bundle: small');
    const { stderr } = await run('adopt', 'my-nginx');
    expect(stderr).toContain('in place of my-nginx: small in place of nano_3_0');
    await write(folder, 'bundle: nano');
  });

  test('belongs to the balancer from then on', async () => {
    const { code, stdout } = await run('adopt', 'my-nginx', '--yes', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as { changed: boolean; afterwards: { resource: string }[] };
    expect(told.changed).toBe(true);
    expect(told.afterwards.map(({ resource }) => resource)).toContain('static address');
    expect(tags()).toContainEqual({ key: 'lbctl:balancer', value: 'shop' });
    expect((await run('plan')).stdout).not.toContain('instance shop-eu-west-1-1');
    expect(await run('adopt', 'my-nginx', '--yes')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('my-nginx belongs to shop already') as string,
    });
    expect((await run('status')).stdout).toContain('my-nginx');
  });

  test('of another balancer stays there, and one that there is not is told', async () => {
    expect(await run('adopt', 'other', '--yes')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('other belongs to the balancer blog') as string,
    });
    const { code, stderr } = await run('adopt', 'nobody');
    expect([code, stderr]).toEqual([3, expect.stringContaining('hint: there are my-nginx, other')]);
  });

  test('is nothing for providers that make no machines', async () => {
    await writeFile(join(folder, 'lb.yaml'), 'name: shop\nlisteners: { http: { port: 80 } }\n');
    expect(await run('adopt', 'my-nginx')).toMatchObject({ code: 2 });
    expect(await run('up', '--iam-policy')).toMatchObject({ code: 2 });
  });
});

test('the policy is printed as AWS takes it, with the Region of the environment', async () => {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'lb.yaml'),
    'name: shop\nprovider: lightsail\nlightsail: { ssh_from: [203.0.113.7] }\nlisteners: { http: { port: 80 } }\n',
  );
  const env = { AWS_REGION: 'eu-west-3', HOME: folder };
  const { code, stdout } = await lbctl(['up', '--iam-policy'], { cwd: folder, env });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    Version: '2012-10-17',
    Statement: [{}, { Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-3'] } } }],
  });
  expect((await lbctl(['config'], { cwd: folder, env })).stdout).toContain('- eu-west-3 # default');
});
