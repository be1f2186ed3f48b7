import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lbctl, type Run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startInstances } from '../support/pool-instances.ts';

interface Document {
  readonly loadBalancers: readonly unknown[];
  readonly instances: readonly {
    readonly series: readonly {
      readonly metric: string;
      readonly statistic: string;
      readonly points: readonly (readonly [string, number | null])[];
    }[];
  }[];
}

/** Instances of the balancer shop, and one that is not its own. */
async function onLightsail(names: readonly string[]) {
  const pool = await startInstances([...names, 'other']);
  for (const name of names) pool.instance(name).tags.push({ key: 'lbctl:balancer', value: 'shop' });
  const { settings } = pool.lightsail;
  const calm: Readonly<Record<string, number>> = { CPUUtilization: 5, BurstCapacityPercentage: 97 };
  settings.sample = (_, metric) => calm[metric] ?? 0;
  const cwd = await temporaryFolder();
  const write = (provider: string): void =>
    writeFileSync(
      join(cwd, 'lb.yaml'),
      `name: shop\n${provider}\nlisteners: { http: { port: 80 } }\nupstreams: { web: [10.0.0.7:8080] }\nroutes: [{ paths: { /: web } }]\n`,
    );
  write('provider: lightsail\nlightsail: { ssh_from: [192.0.2.0/24] }');
  const before = pool.aws.calls.length;
  return {
    pool,
    write,
    run: (...args: string[]): Promise<Run> => lbctl(['metrics', ...args], { cwd, env: pool.env }),
    calls: () => pool.aws.calls.slice(before).map(({ operation }) => operation),
  };
}

describe('lbctl metrics of a balancer on Lightsail', () => {
  it('shows its instances by a call for the list and five for each of them', async () => {
    const { pool, run, calls } = await onLightsail(['shop-1', 'shop-2']);
    pool.lightsail.settings.sample = (name, metric, time) => {
      if (metric === 'BurstCapacityPercentage') return name === 'shop-2' ? 0 : 88;
      return metric === 'CPUUtilization' ? (time % 600 === 0 ? 3 : undefined) : 0;
    };
    const { stdout, code, stderr } = await run('--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { loadBalancers, instances } = JSON.parse(stdout) as Document;
    expect(loadBalancers).toEqual([]);
    expect(instances).toMatchObject([
      {
        name: 'shop-1',
        region: 'eu-west-1',
        verdicts: [{ subject: 'cpu' }, { subject: 'burst', level: 'ok' }],
      },
      { name: 'shop-2', verdicts: [{ subject: 'burst', level: 'critical' }, { subject: 'cpu' }] },
    ]);
    const [cpu] = instances[0]!.series;
    expect(cpu).toMatchObject({
      metric: 'CPUUtilization',
      statistic: 'Average',
      unit: 'Percent',
      period: 300,
      dimensions: { InstanceName: 'shop-1' },
    });
    expect(new Set(cpu!.points.map(([time, value]) => `${Date.parse(time) % 600_000} ${value}`))).toEqual(
      new Set(['0 3', '300000 null']),
    );
    expect(instances[0]!.series.map(({ metric, statistic }) => `${metric} ${statistic}`)).toEqual([
      'CPUUtilization Average',
      'CPUUtilization Maximum',
      'BurstCapacityPercentage Minimum',
      'NetworkIn Sum',
      'NetworkOut Sum',
      'StatusCheckFailed Maximum',
    ]);
    expect(calls().toSorted()).toEqual([...Array(10).fill('GetInstanceMetricData'), 'GetInstances']);
  });

  it('shows one on a screen, in finer points than Lightsail has only as far as it has them', async () => {
    const { run } = await onLightsail(['shop-1']);
    const { stdout, stderr, code } = await run('--since', '1h', '--period', '1m');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: '! --period 1m is taken as 5m: what it tells is measured every 5m\n',
    });
    expect(stdout).toMatch(/^shop-1 {2}eu-west-1, running\n.*, a point is 5m\n/u);
    expect(stdout).toContain('ok        burst      97 % of the capacity is left');
    expect((await run('--csv')).stdout).toContain(
      ',shop-1,BurstCapacityPercentage,Minimum,Percent,eu-west-1,97\n',
    );
  });

  it('tells of what is not there, or may not be read', async () => {
    const { pool, run, write } = await onLightsail([]);
    expect(await run()).toMatchObject({
      code: 2,
      stderr:
        'error: there is no instance of shop in eu-west-1\nhint: lbctl up makes what lb.yaml asks for\n',
    });
    pool.instance('other').tags.push({ key: 'lbctl:balancer', value: 'shop' });
    pool.aws.allow(['lightsail:GetInstances']);
    expect(await run()).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('hint: allow lightsail:GetInstanceMetricData to whoever runs lbctl'),
    });
    expect(await run('shop', '--file', 'lb.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hint: without --file: lbctl metrics shop'),
    });
    write('provider: local');
    expect(await run('--file', 'lb.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('lb.yaml runs on this machine, which AWS does not measure'),
    });
  });

  it('shows a balancer that is named, and those of the Region where lb.yaml runs elsewhere', async () => {
    const { run, write, calls } = await onLightsail(['shop-1']);
    // an AWS that has Lightsail alone: who asks for load balancers is told so
    const asked = { code: 3, stderr: expect.stringContaining('cannot list load balancers') };
    expect(await run('shop')).toMatchObject(asked);
    write('provider: local');
    expect(await run()).toMatchObject(asked);
    expect(calls()).toEqual([]);
  });
});
