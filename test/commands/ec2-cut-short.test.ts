import { beforeAll, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { type Ec2Life, ec2Life } from '../support/ec2-life.ts';
import { withoutHosts } from '../support/host.ts';
import { without } from '../support/tools.ts';

const lbYaml = (body: string, port?: number): string => `name: shop
provider: ec2
regions: [eu-west-1]
ec2: { image: debian_12, vpc: { nat: none } }
listeners: { http: { port: 80 }${port === undefined ? '' : `, more: { port: ${port} }`} }
routes: [{ paths: { /: { respond: { body: "${body}" } } } }]
`;

const NOW = ['--yes', '--watch', '0'];
/** What a run that was killed began may be at work still. */
const AGAIN = [...NOW, '--lock-wait', '60s'];
/** What runs leave on nodes that do not come to their end, by its name. */
const LEFT = /^(?:.*lock.*|journal|.*\.new|\.draft.*|\.drop.*|\.current.*|.*\.lbctl|node-\w+\.sh\..+)$/u;

describe.skipIf(withoutHosts() || without('nginx', 'curl', 'stream'))('on EC2', { timeout: 240_000 }, () => {
  let life: Ec2Life;
  beforeAll(async () => {
    life = await ec2Life();
  });

  /** Runs lbctl until it prints something, and kills it then; AWS goes on with what it was told. */
  async function killed(at: RegExp, ...args: readonly string[]): Promise<void> {
    const { signal, stderr } = await lbctl(args, {
      cwd: life.cwd,
      env: life.account.aws.env,
      watch(child) {
        let text = '';
        child.stderr!.on('data', (more: Buffer) => {
          text += more.toString();
          if (at.test(text)) child.kill('SIGKILL');
        });
      },
    });
    expect({ at, signal, stderr }).toMatchObject({ at, signal: 'SIGKILL' });
    life.account.cloud.settle();
  }

  async function comesToItsEnd(...args: readonly string[]): Promise<void> {
    const { code, stderr } = await life.run(...args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  }

  const pointer = (): string => {
    const [bucket] = life.account.s3.state().buckets;
    const text = life.account.s3.content(bucket!.name, 'current')!.toString();
    return (JSON.parse(text) as { release: string }).release;
  };
  /** What serves, and what an unfinished run has left, here and there. */
  async function found(port: number): Promise<object> {
    await life.booted();
    const machines = life.machines().map(({ machine }) => machine);
    return {
      answers: life.reach(port),
      releases: machines.map((machine) => machine.sh('readlink -f /etc/nginx/nginx.conf').split('/').at(-2)),
      left: machines
        .flatMap((machine) => machine.sh('ls -A /etc/lbctl /etc/lbctl/releases').split('\n'))
        .filter((name) => LEFT.test(name)),
      changeSets: life.account.cloud.inventory().map(({ changeSets }) => changeSets),
    };
  }
  const serving = (body: string): object => ({
    answers: [body, body],
    releases: [pointer(), pointer()],
    left: [],
    changeSets: [[]],
  });

  describe.each([
    ['the stack is begun', /brings up the stack/u],
    ['the bucket is there', /\+ Releases/u],
    ['the release is in it', /is in lbctl-shop-releases/u],
    ['nodes boot', /0 of 2 nodes/u],
  ])('up from nothing, killed when %s', (_, at) => {
    test('is gone on with, and comes to serve; and down leaves nothing', async () => {
      await life.write(lbYaml('one'));
      await killed(at, 'up', ...NOW);
      await comesToItsEnd('up', ...AGAIN);
      expect(await found(80)).toEqual(serving('one'));
      await killed(/empties the bucket/u, 'down', '--yes');
      await comesToItsEnd('down', '--yes');
      const { cloudformation, s3, autoscaling, logs } = life.account.aws.inventory();
      expect([cloudformation, s3, autoscaling, logs]).toEqual([[], [], [], {}]);
    });
  });

  describe('a fleet that serves', () => {
    let count = 0;
    beforeAll(async () => {
      await life.write(lbYaml('first'));
      await comesToItsEnd('up', ...NOW);
      await life.booted();
    });

    test.each([
      ['it is planned', /Plan:/u],
      ['the first node reloads', /NGINX reloads/u],
      ['the first node serves', /✓ i-\d+ \([\w-]+\): serves/u],
      ['all nodes serve', /(?:✓ i-\d+ \([\w-]+\): serves[^]*){2}/u],
      ['nodes that come are led', /nodes that come serve/u],
    ])('is deployed to, killed when %s: the next run brings the release', async (_, at) => {
      const body = `deploy ${++count}`;
      await life.write(lbYaml(body));
      await killed(at, 'deploy', ...NOW);
      await comesToItsEnd('deploy', ...AGAIN);
      expect(await found(80)).toEqual(serving(body));
    });

    test.each([
      ['the change is begun', /brings up the stack/u],
      ['the listener is there', /\+ Listener\d+/u],
      ['the release is brought', /NGINX reloads/u],
    ])('gets another listener, killed when %s: the next run brings it', async (_, at) => {
      const [body, port] = [`up ${++count}`, 8000 + count];
      await life.write(lbYaml(body, port));
      await killed(at, 'up', ...NOW);
      await comesToItsEnd('up', ...AGAIN);
      expect(await found(port)).toEqual(serving(body));
    });
  });
});
