import { expect, test } from 'vitest';
import { fakeLightsail } from '../fake-aws/lightsail/lightsail.ts';
import { fakeRoute53 } from '../fake-aws/route53/service.ts';
import { startFakeAws } from '../fake-aws/server.ts';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { lifeOf, lightsailShop } from '../support/lightsail-shop.ts';

const DNS = 'dns: { zone: example.com, name: shop.example.com }';
const FILE = `name: shop
provider: lightsail
regions: [eu-west-1, us-east-1]
lightsail: { ssh_from: [203.0.113.7], instances: 2 }
listeners: { http: { port: 80 } }
${DNS}
routes: [{ paths: { /: { respond: 204 } } }]
`;

test('Regions have the addresses of their instances, behind a name of their own where there are several', async () => {
  const lightsail = fakeLightsail({ waits: { start: 1, operation: 1 } });
  const route53 = fakeRoute53();
  const aws = await startFakeAws([lightsail, route53]);
  Object.assign(process.env, aws.env);
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { 'lb.yaml': FILE });
  const run = (...args: string[]) => lbctl(args, { cwd, env: { ...aws.env, XDG_STATE_HOME: cwd } });
  const none = await run('dns', 'plan');
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('says nowhere where clients are to be led'),
  });

  await lifeOf(
    lightsailShop({ regions: ['eu-west-1', 'us-east-1'], lightsail: 'instances: 2', more: DNS }),
  ).up();
  const addresses = lightsail.inventory().staticIps.map(({ ipAddress }) => ipAddress);
  expect(addresses).toHaveLength(4);
  expect(await run('dns', 'apply', '--yes')).toMatchObject({ code: 0 });
  const { sets } = route53.state().zones[0]!;
  const told = sets
    .filter(({ Type }) => Type === 'A')
    .map(
      ({ Name, Region = '-', Values, AliasTarget }) =>
        `${Name} ${Region} ${Values?.[0] ?? AliasTarget!.DNSName}`,
    );
  expect(told.filter((line) => line.startsWith('shop.')).toSorted()).toEqual([
    'shop.example.com. eu-west-1 eu-west-1.shop.example.com.',
    'shop.example.com. us-east-1 us-east-1.shop.example.com.',
  ]);
  const given = told.filter((line) => !line.startsWith('shop.')).map((line) => line.split(' ').at(-1)!);
  expect(given.toSorted()).toEqual(addresses.toSorted());
  expect(await run('dns', 'plan', '--check')).toMatchObject({ code: 0 });
});
