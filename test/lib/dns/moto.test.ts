import { type ChildProcess, spawn } from 'node:child_process';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { route53 } from '../../../src/lib/aws/route53.ts';
import { planFor } from '../../../src/lib/dns/change/plan.ts';
import { apply } from '../../../src/lib/dns/route53/apply.ts';
import { observe } from '../../../src/lib/dns/route53/observe.ts';
import type { Wanted } from '../../../src/lib/dns/wanted/wanted.ts';
import { atEnd } from '../../support/lifetime.ts';
import { freePort } from '../../support/ports.ts';
import { without } from '../../support/tools.ts';
import { until } from '../../support/wait.ts';
import { byFlags } from './records.ts';

describe.skipIf(without('moto_server'))('with an emulator that others have written', () => {
  test('records are made, read, changed and deleted', async () => {
    const port = await freePort();
    const moto: ChildProcess = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
    atEnd(async () => void moto.kill());
    const endpoint = `http://127.0.0.1:${port}`;
    const answers = () =>
      fetch(endpoint).then(
        () => true,
        () => false,
      );
    await until('the emulator answers', answers, 60_000);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'AKIAFAKEFAKEFAKEFAKE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    const client = new Route53Client({ region: 'us-east-1' });
    await client.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'one' }));
    client.destroy();
    // the emulator has no networks, and does not know the call
    const api = { ...route53(async () => undefined), collections: async () => [] };
    atEnd(() => api.close());
    const io = { notify: () => undefined, confirm: async () => true };
    const bring = async (what: Wanted): Promise<string[]> => {
      const observed = await observe(api, what);
      await apply(planFor(observed, what), observed, what, { api, io });
      const after = await observe(api, what);
      expect(planFor(after, what).steps).toEqual([]);
      return after.sets
        .filter(({ Type }) => Type === 'A')
        .map(
          ({ SetIdentifier = '-', Weight = '-', ResourceRecords }) =>
            `${SetIdentifier} ${Weight} ${ResourceRecords![0]!.Value}`,
        );
    };
    expect(
      await bring(
        byFlags('--weighted', 'blue:90=192.0.2.1', '--weighted', 'green:10=192.0.2.2', '--health', 'http'),
      ),
    ).toEqual(['blue 90 192.0.2.1', 'green 10 192.0.2.2']);
    expect(await bring(byFlags('--weighted', 'blue:50=192.0.2.1', '--weighted', 'red:50=192.0.2.3'))).toEqual(
      ['blue 50 192.0.2.1', 'red 50 192.0.2.3'],
    );
    expect(await bring(byFlags('--simple', '192.0.2.4'))).toEqual(['- - 192.0.2.4']);
  }, 120_000);
});
