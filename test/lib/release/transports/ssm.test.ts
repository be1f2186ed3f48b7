import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { bucketNamed } from '../../../../src/lib/aws/s3.ts';
import type { UserError } from '../../../../src/lib/errors.ts';
import { nodeBy } from '../../../../src/lib/providers/ec2/nodes.ts';
import { rollOut } from '../../../../src/lib/release/rollout/roll-out.ts';
import { survey } from '../../../../src/lib/release/rollout/survey.ts';
import { targetsOf } from '../../../../src/lib/release/rollout/target.ts';
import { storeIn } from '../../../../src/lib/release/store/store.ts';
import {
  fetchedScript,
  programScript,
  restScript,
} from '../../../../src/lib/release/transports/ssm/program.ts';
import { type Fleet, fleetIn } from '../../../../src/lib/release/transports/ssm.ts';
import type { Transport } from '../../../../src/lib/release/transports/transport.ts';
import { AwsError } from '../../../fake-aws/errors.ts';
import { fakeS3 } from '../../../fake-aws/s3/service.ts';
import { type FakeAws, startFakeAws } from '../../../fake-aws/server.ts';
import { fakeSsm } from '../../../fake-aws/ssm/service.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { findProgram, without } from '../../../support/tools.ts';
import { standIns } from '../../../support/ssm-instances.ts';

const REGION = 'eu-west-1';
const BUCKET = 'lbctl-shop-releases';

let aws: FakeAws;
let ssm: ReturnType<typeof fakeSsm>;
let fleet: Fleet;

beforeEach(async () => {
  ssm = fakeSsm();
  aws = await startFakeAws([fakeS3([{ name: BUCKET, region: REGION }]), ssm]);
  Object.assign(process.env, aws.env, { AWS_MAX_ATTEMPTS: '2' });
  const store = storeIn(bucketNamed(BUCKET, REGION));
  fleet = fleetIn(store);
  atEnd(() => fleet.close());
});

const to = (instance: string): Transport => fleet.to({ instance, name: `${instance} (eu-west-1a)` });
const sent = (operation = 'SendCommand'): number =>
  aws.calls.filter((call) => call.operation === operation).length;
/** Instances of each command. */
const sizes = (): number[] => ssm.commands().map(({ invocations }) => invocations.length);
const failed = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => expect.unreachable('it should fail'),
    (error: unknown) => error as UserError,
  );

test.skipIf(without('shellcheck'))('scripts are what ShellCheck likes', () => {
  const source = { bucket: BUCKET, region: 'cn-north-1' };
  const kept = { key: 'releases/a.tar', sha256: 'a' };
  for (const script of [
    programScript(source, 'id', ['sh', "it's"], kept),
    fetchedScript(source, 'id', kept),
    restScript('id', 7),
  ])
    expect(
      spawnSync(findProgram('shellcheck')!, ['-s', 'sh', '-'], { input: script, encoding: 'utf8' }).stdout,
    ).toBe('');
  expect(programScript(source, 'id', [], kept)).toContain("suffix='amazonaws.com.cn'");
});

describe('programs', () => {
  test('come with their words, exit codes and what they say', async () => {
    const seen: (readonly string[])[] = [];
    const [id] = standIns(ssm, REGION, 1, (words) => {
      seen.push(words);
      return { code: 11, stdout: 'one\ntwo\n', stderr: 'three' };
    });
    const words = ['sh', '-c', `echo "it's" $HOME\n`, '', 'ü'];
    const lines: string[] = [];
    const ran = await to(id!).run(words, { onLine: (line) => lines.push(line) });
    expect(ran).toStrictEqual({ code: 11, stdout: 'one\ntwo\n', stderr: 'three' });
    expect([seen, lines]).toStrictEqual([[words], ['one', 'two']]);
    const [silent] = standIns(ssm, REGION, 1, () => ({}));
    await to(silent!).run(['true'], { onLine: (line) => lines.push(line) });
    expect(lines).toStrictEqual(['one', 'two']);
  });

  test('that are the same at the same moment are one command for 50 instances', async () => {
    const ids = standIns(ssm, REGION, 120, (_, id) => ({ stdout: id }));
    const all = await Promise.all(ids.map((id) => to(id).run(['hostname'])));
    expect(all.map(({ stdout }) => stdout)).toStrictEqual(ids);
    expect(sizes().toSorted()).toStrictEqual([20, 50, 50]);
    expect(sent('GetCommandInvocation')).toBe(0);
  });

  test('that differ are commands of their own', async () => {
    const ids = standIns(ssm, REGION, 3, (words) => ({ stdout: words.join(' ') }));
    const all = await Promise.all(ids.map((id, n) => to(id).run(['echo', String(n % 2)])));
    expect(all.map(({ stdout }) => stdout)).toStrictEqual(['echo 0', 'echo 1', 'echo 0']);
    expect(sent()).toBe(2);
    // the same one twice on a node are two programs
    await Promise.all([to(ids[0]!).run(['again']), to(ids[0]!).run(['again'])]);
    expect(sent()).toBe(4);
  });

  test('say more than a list of commands has', async () => {
    const long = Array.from({ length: 2500 }, (_, n) => `line ${n * 7919}`).join('\n');
    const [id] = standIns(ssm, REGION, 1, () => ({ stdout: long }));
    expect((await to(id!).run(['cat'])).stdout).toBe(long);
    expect(sent('GetCommandInvocation')).toBe(1);
  });
});

describe('what is not to be reached', () => {
  test('is told, and the others do it', async () => {
    const ids = standIns(ssm, REGION, 4, (_, id) => ({ stdout: id }));
    ssm.forget(ids[1]!);
    const all = await Promise.allSettled(ids.map((id) => to(id).run(['hostname'])));
    expect(all.map(({ status }) => status)).toStrictEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    const error = (all[1] as PromiseRejectedResult).reason as UserError;
    expect([error.code, error.message]).toStrictEqual([
      'not-managed',
      `${ids[1]} (eu-west-1a): Systems Manager does not reach it; nothing was changed`,
    ]);
    expect(error.hint).toContain(`Values=${ids[1]}`);
  });

  test('takes no command', async () => {
    ssm.register({
      id: 'i-00000000000000001',
      region: REGION,
      ping: 'ConnectionLost',
      execute: () => expect.unreachable(),
    });
    const error = await failed(to('i-00000000000000001').run(['hostname']));
    expect([error.code, error.message]).toStrictEqual([
      'no-answer',
      expect.stringContaining('it takes no commands; nothing was changed'),
    ]);
  });

  test('is cut off while it works', async () => {
    const [id] = standIns(ssm, REGION, 1, () => undefined);
    const error = await failed(to(id!).run(['hostname']));
    expect([error.code, error.evidence]).toStrictEqual([
      'connection-lost',
      ['the command ended as TimedOut (ExecutionTimedOut)'],
    ]);
  });

  test('may not be asked', async () => {
    const [id] = standIns(ssm, REGION, 1, () => ({}));
    aws.allow(['s3:*']);
    const error = await failed(to(id!).run(['hostname']));
    expect([error.kind, error.message, error.hint]).toStrictEqual([
      'denied',
      expect.stringMatching(/^cannot have nodes run a command in eu-west-1: .*AccessDeniedException/u),
      expect.stringContaining('allow ssm:SendCommand'),
    ]);
  });

  test('is waited for no longer when somebody has no patience', async () => {
    ssm.register({ id: 'i-00000000000000001', region: REGION, execute: () => new Promise(() => {}) });
    const work = failed(to('i-00000000000000001').run(['hostname']));
    await expect.poll(() => sent('ListCommandInvocations')).toBeGreaterThan(0);
    fleet.close();
    expect((await work).code).toBe('connection-lost');
  });
});

describe('a service that is not well', () => {
  test('is asked again when it throttles', async () => {
    const ids = standIns(ssm, REGION, 60, (_, id) => ({ stdout: id }));
    const faults = ['SendCommand', 'ListCommandInvocations'].map((operation) =>
      aws.fail({ operation, fault: 'throttled', times: 3 }),
    );
    const all = await Promise.all(ids.map((id) => to(id).run(['hostname'])));
    expect(all.map(({ stdout }) => stdout)).toStrictEqual(ids);
    expect(faults.map((fault) => fault.count())).toStrictEqual([3, 3]);
  });

  test('has a program run under one name when its answer is lost', async () => {
    const scripts: string[] = [];
    ssm.register({
      id: 'i-00000000000000001',
      region: REGION,
      async execute(script) {
        scripts.push(script);
        return { code: 0, stdout: 'lbctl 0\n', stderr: '' };
      },
    });
    aws.fail({ operation: 'SendCommand', fault: 'cut after' });
    await failed(to('i-00000000000000001').run(['hostname']));
    expect(scripts).toHaveLength(2);
    expect(scripts[0]).toBe(scripts[1]);
  });

  test('tells nobody by name whom it does not reach', async () => {
    const ids = standIns(ssm, REGION, 2, () => ({}));
    aws.fail({ operation: 'SendCommand', fault: { error: new AwsError(400, 'InvalidInstanceId', 'null') } });
    const all = await Promise.allSettled(ids.map((id) => to(id).run(['hostname'])));
    expect(all.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected']);
  });
});

/** A fleet of 120 nodes that serve a release; `broken` take the next one back. */
async function roll(broken: (instance: number) => boolean, limits = { batch: 120, maxErrors: 0 }) {
  const serving = new Map<string, string>();
  const ids = standIns(ssm, REGION, 120, (words, id) => {
    const verb = words[4]!;
    const named = /^release=(.*)$/mu.exec(words.join('\n'))?.[1] ?? '';
    if (verb === 'observe') {
      const now = serving.get(id) ?? 'aaaa';
      return { stdout: `link\treleases/${now}/nginx.conf\nmaster\t7\nserving\t${now}\nrelease\taaaa\n` };
    }
    if (verb !== 'activate') return { stdout: '' };
    if (broken(Number.parseInt(id.slice(2), 16)) && named === 'bbbb')
      return { code: 10, stdout: 'failed\tprobing\twhat should answer does not\noutcome\tundone\n' };
    serving.set(id, named);
    return { stdout: 'step\tkeeping\trelease stays\noutcome\tkept\n' };
  });
  const surveyed = await survey(ids.map((id) => nodeBy(to(id))));
  const about = { author: 'ops', message: '', source: 'lb.yaml' };
  const files = [{ path: 'nginx.conf', content: Buffer.from('events {}'), mode: 0o644 }];
  const activation = { action: 'deploy', about, watch: 0, wait: 0 };
  const targets = targetsOf(surveyed, () => ({ id: 'bbbb', files, isThere: false, activation }));
  const silent = { brings: () => {}, progress: () => {}, settled: () => {}, note: () => {} };
  const out = await rollOut(targets, {
    limits,
    pause: 0,
    watcher: silent,
    signal: new AbortController().signal,
  });
  const count = (release: string): number =>
    ids.filter((id) => (serving.get(id) ?? 'aaaa') === release).length;
  return { ...out, count };
}

describe('a release over 120 nodes', () => {
  test('takes a command for each 50 nodes and step', async () => {
    const { verdict, count } = await roll(() => false);
    expect([verdict, count('bbbb')]).toStrictEqual(['done', 120]);
    // all are asked; the canary is brought it, and serves it; the others are, and do
    const steps = [sizes().slice(0, 3), sizes().slice(3, 5), sizes().slice(5, 8), sizes().slice(8)];
    expect(steps.map((step) => step.toSorted((a, b) => b - a))).toStrictEqual([
      [50, 50, 20],
      [1, 1],
      [50, 50, 19],
      [50, 50, 19],
    ]);
    // the archive lies in the bucket once
    expect(sent('PutObject')).toBe(1);
  });

  test('is taken back everywhere when half of them fail', async () => {
    const { verdict, count, nodes } = await roll((n) => n % 2 === 0);
    expect([verdict, count('aaaa')]).toStrictEqual(['failed', 120]);
    expect(new Set(nodes.map(({ outcome }) => outcome))).toStrictEqual(new Set(['rolled-back', 'undone']));
  });
});
