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
    file: (regionsNow: string) =>
      writeFiles(cwd, { 'lb.yaml': text.replace(`[${regions}]`, `[${regionsNow}]`) }),
    stacks: () => cloud.inventory().map(({ region }) => region),
    run: (...args: readonly string[]) => lbctl(args, { cwd, env: { ...aws.env, XDG_STATE_HOME: cwd } }),
    /** Makes the stacks; nodes are not asked. */
    async up() {
      const loaded = await loadText(text, 'lb.yaml', cwd);
      const place = provider.locate(loaded);
      const nodes = await provider.nodes(place, {}, true);
      expect(nodes.every(({ coming }) => coming)).toBe(true);
      const desired = await provider.desire(place, loaded, {});
      const { steps } = provider.plan(desired, await provider.observe(place));
      await provider.execute(steps, desired, io, new AbortController().signal);
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

test('a Region that lb.yaml has no longer goes once no record leads there, and nothing else goes with it', async () => {
  const { run, up, file, stacks, records } = await account({ regions: 'eu-west-1, us-east-1', ec2: '' });
  await up();
  await run('dns', 'apply', '--yes');
  expect(await run('down', '--yes', '--region', 'us-east-1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the balancer is to run in us-east-1') as string,
  });
  await file('eu-west-1');
  const early = await run('down', '--yes', '--region', 'us-east-1');
  expect(early.stderr).toContain(
    'records of dns are not yet as lb.yaml says, and may lead clients to us-east-1',
  );
  expect(stacks()).toHaveLength(2);
  const status = await run('status');
  expect(status.stdout).toContain(
    '! the stack lbctl-shop in us-east-1 is still there and costs money, though lb.yaml has that Region no longer: lbctl up removes it',
  );
  await run('dns', 'apply', '--yes', '--force');
  const led = records();
  const gone = await run('down', '--yes', '--region', 'us-east-1');
  expect(gone).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('lbctl-shop in us-east-1') as string,
  });
  expect(gone.stderr).not.toContain('lbctl-shop in eu-west-1');
  expect(stacks()).toEqual(['eu-west-1']);
  expect(records()).toEqual(led);
  expect((await run('status')).stdout).not.toContain('is still there');
  const again = await run('down', '--yes', '--region', 'us-east-1');
  expect(again.stderr).toContain('shop (ec2): nothing is there in us-east-1');
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
