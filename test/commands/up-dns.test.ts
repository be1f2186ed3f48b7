import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { world } from '../lib/dns/fake.ts';
import { temporaryFolder } from '../support/folder.ts';
import { newShop } from '../support/shop.ts';
import { without } from '../support/tools.ts';

const DNS = (address: string) => `dns:
  zone: example.com
  name: shop.example.com
  policy: simple
  answers: ${address}`;

describe.skipIf(without('nginx', 'curl'))('up with dns:', { timeout: 90_000 }, () => {
  test('brings the records once the balancer answers, and with --no-dns leaves them', async () => {
    const here = await world();
    const shop = await newShop({ ...here.aws.env, XDG_STATE_HOME: join(await temporaryFolder(), 'state') });
    shop.write('one', { keys: DNS('192.0.2.1') });
    const plan = await shop.run('plan');
    expect(plan.stdout.indexOf('record shop.example.com A')).toBeGreaterThan(plan.stdout.indexOf('release'));
    expect((await shop.run('plan', '--no-dns')).stdout).not.toContain('shop.example.com');

    expect(await shop.run('up', '--yes', '--no-dns', '--watch', '0')).toMatchObject({ code: 0 });
    expect(here.aws.changes()).toEqual([]);
    const up = await shop.run('up', '--yes', '--watch', '0');
    expect(up).toMatchObject({ code: 0, stderr: expect.stringContaining('all name servers have it') });
    expect(await shop.answer()).toBe('one');
    expect(here.records()).toContain('shop.example.com. A - 192.0.2.1');
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
    expect(await shop.run('up', '--yes')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no changes'),
    });
  });

  test('down takes the records away first, and with --no-dns leaves them', async () => {
    const here = await world();
    const shop = await newShop({ ...here.aws.env, XDG_STATE_HOME: join(await temporaryFolder(), 'state') });
    shop.write('one', { keys: `${DNS('192.0.2.1')}\n  health: true\n  ttl: 1` });
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(here.state().checks).toHaveLength(1);
    expect(await shop.run('down', '--yes', '--no-dns')).toMatchObject({ code: 0 });
    expect(here.records()).toHaveLength(2);
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    const down = await shop.run('down', '--yes');
    expect(down).toMatchObject({ code: 0, stderr: expect.stringContaining('resolvers forget') });
    expect(here.records()).toEqual([]);
    expect(here.state().checks).toEqual([]);
  });

  test('a Route 53 that may not be asked is told with the way without it', async () => {
    const here = await world();
    here.aws.allow([]);
    const shop = await newShop(here.aws.env);
    shop.write('one', { keys: DNS('192.0.2.1') });
    expect(await shop.run('up', '--yes')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('--no-dns leaves'),
    });
    const policy = await shop.run('up', '--iam-policy');
    const { Statement } = JSON.parse(policy.stdout) as { Statement: { Action: string[] }[] };
    here.aws.allow(Statement.flatMap(({ Action }) => Action));
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    const asked = new Set(here.aws.calls.map(({ operation }) => `route53:${operation}`));
    expect([...asked].toSorted()).toEqual(Statement[0]!.Action);
  });

  test('a release that does not serve changes no records', async () => {
    const here = await world();
    const shop = await newShop(here.aws.env);
    const ill = 'snippets: { server: "if ($uri = /healthz) { return 500 ill; }" }';
    shop.write('one', { keys: `${ill}\n${DNS('192.0.2.1')}` });
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 3 });
    expect(here.aws.changes()).toEqual([]);
  });

  test('records that cannot be stop it before anything is changed', async () => {
    const here = await world();
    const shop = await newShop(here.aws.env);
    shop.write('one', { keys: DNS('10.0.0.1') });
    const up = await shop.run('up', '--yes');
    expect(up).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nobody reaches from the internet'),
    });
    expect((await shop.run('status', '--json')).stdout).toContain('"running": false');
  });
});
