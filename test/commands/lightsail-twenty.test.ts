import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SHOP } from '../fake-aws/lightsail/account.ts';
import { lbctl, type Run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type PoolInstances, startInstances } from '../support/pool-instances.ts';

const numbered = (prefix: string): string[] =>
  Array.from({ length: 20 }, (_, index) => `${prefix}${index + 1}`);

describe('a balancer of twenty instances before twenty that are closed', () => {
  let pool: PoolInstances;
  let folder: string;

  beforeAll(async () => {
    pool = await startInstances(numbered('web-'));
    pool.lightsail.settings.quotas.instances = 40;
    const own = numbered('shop-eu-west-1-');
    const tags = [
      { key: 'lbctl:balancer', value: 'shop' },
      { key: 'lbctl:regions', value: 'eu-west-1' },
    ];
    await pool.call('CreateInstances', { ...SHOP, bundleId: 'micro_3_0', instanceNames: own, tags });
    for (const name of own) Object.assign(pool.instance(name), { state: 'running', next: undefined });
    for (const name of numbered('web-'))
      pool.instance(name).ports = pool.instance(name).ports.filter(({ fromPort }) => fromPort === 22);
    folder = await temporaryFolder();
    await writeFile(
      join(folder, 'lb.yaml'),
      `name: shop
provider: lightsail
regions: [eu-west-1]
lightsail: { ssh_from: [127.0.0.0/8], instances: 20, static_ip: false }
listeners: { http: { port: 80 } }
upstreams: { web: { discover: { lightsail: web-*, port: 80 } } }
lockdown: true
routes: [{ paths: { /: web } }]
`,
    );
  });

  /** A run, and what it has asked. */
  async function runOf(...args: string[]): Promise<Run & { readonly calls: string[] }> {
    const before = pool.aws.calls.length;
    const run = await lbctl(args, { cwd: folder, env: pool.env });
    return {
      ...run,
      calls: pool.aws.calls
        .slice(before)
        .map(({ operation }) => operation)
        .toSorted(),
    };
  }

  // forty instances are two pages
  const LISTS = ['GetInstances', 'GetInstances', 'GetStaticIps'];

  test('is planned with one list of instances and one of addresses', async () => {
    const { code, stdout, calls } = await runOf('plan');
    expect(code).toBe(0);
    expect(stdout.match(/nginx on shop-eu-west-1-/gu)).toHaveLength(20);
    expect(stdout).not.toContain('firewall of web-');
    expect(calls).toEqual(LISTS);
  });

  test('is told of with these and a list of prices', async () => {
    const { code, stdout, calls } = await runOf('status', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { nodes: unknown[] }).nodes).toHaveLength(20);
    expect(calls).toEqual(['GetBundles', ...LISTS]);
  });

  test('is edited with no list more', async () => {
    const file = join(folder, 'lb.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('upstreams: {', 'upstreams: { api: [10.0.0.1:80, 10.0.0.2:80],'));
    for (const change of [
      ['add', 'api', '10.0.0.3'],
      ['remove', 'api', '10.0.0.2'],
    ]) {
      const { stderr, calls } = await runOf('pool', ...change, '--yes');
      // none of the instances can be logged in to
      expect(stderr).toContain('there is no node to work on');
      expect(calls).toEqual(LISTS);
    }
    await writeFile(file, text);
  });

  test('looks anew where the list is behind what a firewall says', async () => {
    const [rule] = pool.instance('web-7').ports;
    const let80In = { ...rule!, fromPort: 80, toPort: 80 };
    const put = (...portInfos: object[]) =>
      pool.call('PutInstancePublicPorts', { instanceName: 'web-7', portInfos });
    await put(rule!, let80In);
    const open = await runOf('status');
    expect(open.stdout).toContain('web-7 is open to the world');
    expect(open.calls).toEqual(['GetBundles', 'GetInstancePortStates', ...LISTS]);
    await put(rule!);
    pool.aws.fail({ fault: { behind: 1 }, operation: 'GetInstances' });
    const { stdout, calls } = await runOf('status');
    expect(stdout).not.toContain('web-7 is open to the world');
    const again = ['GetInstances', 'GetInstances'];
    expect(calls).toEqual(['GetBundles', 'GetInstancePortStates', ...again, ...LISTS]);
  });
});
