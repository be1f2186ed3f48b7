import { expect, test } from 'vitest';
import { provider } from '../../src/lib/providers/ec2/provider.ts';
import { loadText } from '../../src/lib/source/load.ts';
import { fakeRoute53 } from '../fake-aws/route53/service.ts';
import { lbctl } from '../support/cli.ts';
import { ec2Account } from '../support/ec2-region.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';

const io = { notify: () => undefined, confirm: async () => true };

/** A balancer with records in an account of its own. */
async function account({ regions, ec2 }: { readonly regions: string; readonly ec2: string }) {
  const route53 = fakeRoute53();
  const { aws, cloud } = await ec2Account(undefined, [route53]);
  Object.assign(process.env, aws.env);
  const cwd = await temporaryFolder();
  const text = `name: shop
provider: ec2
regions: [${regions}]
ec2: { ${ec2} }
listeners: { http: { port: 80 } }
dns: { zone: example.com, name: shop.example.com }
routes: [{ paths: { /: { respond: 204 } } }]
`;
  await writeFiles(cwd, { 'lb.yaml': text });
  return {
    run: (...args: readonly string[]) => lbctl(args, { cwd, env: { ...aws.env, XDG_STATE_HOME: cwd } }),
    /** Makes the stacks; nodes are not asked. */
    async up() {
      const loaded = await loadText(text, 'lb.yaml', cwd);
      const place = provider.locate(loaded);
      const nodes = await provider.nodes(place, {}, true);
      expect(nodes.every(({ coming }) => coming)).toBe(true);
      const desired = await provider.desire(place, loaded, {});
      await provider.execute(provider.plan(desired, await provider.observe(place)).steps, desired, io);
      await provider.close(place);
    },
    /** What AWS has called a resource, in the Regions that have it. */
    made: (...logicalIds: readonly string[]) =>
      regions.split(', ').flatMap((region) => {
        const { resources } = cloud.stack('lbctl-shop', region)!;
        return logicalIds.map((id) => resources[id]!.physicalId);
      }),
    records: () =>
      route53
        .state()
        .zones[0]!.sets.filter(({ Type }) => Type === 'A')
        .map(
          ({ Name, Region = '-', Values, AliasTarget }) =>
            `${Name} ${Region} ${Values?.join(',') ?? AliasTarget!.DNSName}`,
        )
        .toSorted(),
  };
}

test('records follow stacks: a plan says that addresses are to come, and Regions have those of their load balancers', async () => {
  const { run, up, made, records } = await account({ regions: 'eu-west-1, us-east-1', ec2: '' });
  expect((await run('dns', 'plan')).stderr).toContain('says nowhere where clients are to be led');
  const plan = await run('plan');
  expect(plan.stdout).toContain('record shop.example.com');
  expect(plan.stdout).toContain('once eu-west-1, us-east-1 have their addresses');

  await up();
  const addresses = made('AddressA', 'AddressB');
  expect(addresses).toHaveLength(4);
  expect(await run('dns', 'apply', '--yes')).toMatchObject({ code: 0 });
  const all = records();
  expect(all.filter((line) => line.startsWith('shop.'))).toEqual([
    'shop.example.com. eu-west-1 eu-west-1.shop.example.com.',
    'shop.example.com. us-east-1 us-east-1.shop.example.com.',
  ]);
  const given = all.filter((line) => !line.startsWith('shop.')).map((line) => line.split(' ').at(-1)!);
  expect(given.flatMap((one) => one.split(',')).toSorted()).toEqual(addresses.toSorted());
  expect(await run('dns', 'plan', '--check')).toMatchObject({ code: 0 });
});

test('a load balancer without addresses that stay is led to by its name', async () => {
  const { run, up, made, records } = await account({ regions: 'eu-west-1', ec2: 'static_ips: false' });
  await up();
  expect(await run('dns', 'apply', '--yes')).toMatchObject({ code: 0 });
  const [, name] = made('LoadBalancer')[0]!.split('/').toReversed();
  expect(records()).toEqual([
    `shop.example.com. eu-west-1 ${name!.toLowerCase()}.elb.eu-west-1.amazonaws.com.`,
  ]);
});
