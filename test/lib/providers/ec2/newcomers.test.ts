import { beforeEach, describe, expect, test } from 'vitest';
import { bucketNamed } from '../../../../src/lib/aws/s3.ts';
import type { Progress } from '../../../../src/lib/io.ts';
import { formerIn, newcomersBy } from '../../../../src/lib/providers/ec2/newcomers.ts';
import { type Store, storeIn } from '../../../../src/lib/release/store/store.ts';
import { fakeS3 } from '../../../fake-aws/s3/service.ts';
import { type FakeAws, startFakeAws } from '../../../fake-aws/server.ts';
import { atEnd } from '../../../support/lifetime.ts';

const REGIONS = ['eu-west-1', 'us-east-1'];
const release = (id: string, drained: readonly string[] = []) => ({
  id: id.padEnd(16, '0'),
  files: [{ path: 'nginx.conf', content: Buffer.from(id), mode: 0o644 }],
  drained,
});

let aws: FakeAws;
let stores: Store[];
let told: Progress[];
const io = { notify: (progress: Progress) => void told.push(progress), confirm: async () => true };

beforeEach(async () => {
  told = [];
  aws = await startFakeAws([fakeS3(REGIONS.map((region) => ({ name: `shop-${region}`, region })))]);
  Object.assign(process.env, aws.env, { AWS_MAX_ATTEMPTS: '1' });
  stores = REGIONS.map((region) => storeIn(bucketNamed(`shop-${region}`, region)));
  for (const store of stores) atEnd(() => store.close());
});

const serving = (): Promise<(string | undefined)[]> =>
  Promise.all(stores.map(async (store) => (await store.look()).pointer?.release.replace(/0+$/u, '')));

describe('nodes that come', () => {
  test('were led to others before, as the Region knows that has been there longest', async () => {
    expect(await formerIn(stores)).toStrictEqual([]);
    for (const id of ['abc', 'def', '123'])
      await (await newcomersBy(id === '123' ? stores : stores.slice(1), release(id))).take(io);
    const former = await formerIn(stores);
    expect(former.map(({ id }) => id)).toStrictEqual(['def0000000000000', 'abc0000000000000']);
    expect(await former[1]!.files()).toStrictEqual(release('abc').files);
  });

  test('are led to a release in all Regions, in those alone where they are not', async () => {
    const first = await newcomersBy(stores, release('abc'));
    expect(first.steps.map(({ action, name }) => `${action} ${name}`)).toStrictEqual([
      'create abc0000000000000 on nodes that come in eu-west-1',
      'create abc0000000000000 on nodes that come in us-east-1',
    ]);
    expect(await serving()).toStrictEqual([undefined, undefined]);
    await first.take(io);
    expect(await serving()).toStrictEqual(['abc', 'abc']);
    expect(told.map(({ text }) => text)).toContain(
      'us-east-1: nodes that come serve release abc0000000000000',
    );
    expect((await newcomersBy(stores, release('abc'))).steps).toStrictEqual([]);

    await (await newcomersBy(stores.slice(0, 1), release('def'))).take(io);
    const second = await newcomersBy(stores, release('def'));
    expect(second.steps).toMatchObject([
      {
        action: 'change',
        name: 'def0000000000000 on nodes that come in us-east-1',
        details: ['in place of abc0000000000000'],
      },
    ]);
  });

  test('know which servers are drained', async () => {
    await (await newcomersBy(stores, release('abc'))).take(io);
    const drained = await newcomersBy(stores, release('abc', ['web/10.0.0.1:80']));
    expect(drained.steps[0]!.details).toStrictEqual(['drained: web/10.0.0.1:80']);
    await drained.take(io);
    expect((await stores[0]!.look()).pointer!.drained).toBe('web/10.0.0.1:80');
    expect((await newcomersBy(stores, release('abc'))).steps[0]!.details).toStrictEqual([
      'no servers drained',
    ]);
  });

  test('stay with what somebody else has led them to meanwhile', async () => {
    const [mine, other] = await Promise.all([
      newcomersBy(stores, release('abc')),
      newcomersBy(stores, release('def')),
    ]);
    await other.take(io);
    await expect(mine.take(io)).rejects.toMatchObject({ kind: 'failed', code: 'pointer-moved' });
    expect(await serving()).toStrictEqual(['def', 'def']);
  });

  test('serve it also where old releases cannot be deleted', async () => {
    aws.allow(['s3:GetObject', 's3:PutObject']);
    await (await newcomersBy(stores, release('abc'))).take(io);
    expect(await serving()).toStrictEqual(['abc', 'abc']);
    expect(told.map(({ kind, text }) => `${kind} ${text}`)[1]).toMatch(
      /^warn old releases stay: cannot list what is in the bucket shop-eu-west-1.*AccessDenied/u,
    );
  });
});
