import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { readAnswers } from '../../../src/lib/init/answers.ts';
import { lbYaml } from '../../../src/lib/init/lb-yaml.ts';
import type { Facts, Given, Vpc } from '../../../src/lib/init/question.ts';
import { complaintAbout, questionsFor } from '../../../src/lib/init/questions.ts';
import { settled } from '../../../src/lib/init/walk.ts';
import { stackTemplate } from '../../../src/lib/providers/ec2/template.ts';
import { templateYaml } from '../../../src/lib/render/cloudformation/write.ts';
import { temporaryFolder, writeFiles } from '../../support/folder.ts';
import { without } from '../../support/tools.ts';
import { someAnswers } from './some-answers.ts';

const nothing: Facts = {
  folder: 'shop',
  inGit: false,
  region: 'eu-west-1',
  instances: [],
  groups: [],
  zones: [],
  balancers: [],
  vpcs: [],
  certificates: [],
  topics: [],
};

/** A VPC with a public and a private subnet in each of some zones. */
function vpc(id: string, range: string, zones: string): Vpc {
  return {
    id,
    name: id === 'vpc-0aaaaaaa' ? 'main' : '',
    ranges: [range],
    subnets: [...zones].flatMap((zone) => [
      { id: `subnet-0${zone}${zone}1${id.slice(-4)}`, zone: `eu-west-1${zone}`, way: 'private' as const },
      { id: `subnet-0${zone}${zone}0${id.slice(-4)}`, zone: `eu-west-1${zone}`, way: 'public' as const },
    ]),
  };
}

const arn = (service: string, region: string, name: string): string =>
  `arn:aws:${service}:${region}:111122223333:${name}`;
const certificate = (region: string, id: string, ...names: readonly string[]) => ({
  arn: arn('acm', region, `certificate/${id}`),
  names,
  ends: '2027-03-01',
});

function question(id: string, given: Given, facts: Facts) {
  const found = questionsFor(given, facts).find((one) => one.id === id);
  if (!found) throw new Error(`${id} is not asked`);
  return found;
}

describe.skipIf(without('cfn-lint'))('whatever is answered for EC2', () => {
  test(
    'the template of its lb.yaml is one that cfn-lint has nothing against',
    { timeout: 120_000 },
    async () => {
      const facts: Facts = { ...nothing, inGit: true };
      const runs = fc.sample(fc.array(fc.nat({ max: 999 }), { minLength: 16, maxLength: 24 }), {
        numRuns: 60,
        seed: 7,
      });
      const files: Record<string, string> = {};
      for (const [index, turns] of runs.entries()) {
        const given = someAnswers(turns, facts);
        if (given['provider'] !== 'ec2') continue;
        const asked = new Set(questionsFor(given, facts).map(({ id }) => id));
        const { balancer } = readBalancer(lbYaml(readAnswers(given, asked)), 'lb.yaml');
        for (const region of balancer.regions!)
          files[`${index}-${region}.yaml`] = templateYaml(stackTemplate(balancer, region));
      }
      expect(Object.keys(files).length).toBeGreaterThan(12);
      const folder = await temporaryFolder();
      await writeFiles(folder, files);
      const args = ['--format', 'json', ...Object.keys(files).map((name) => join(folder, name))];
      const { stdout } = spawnSync('cfn-lint', args, { encoding: 'utf8' });
      expect(JSON.parse(stdout)).toEqual([]);
    },
  );
});

describe('the network of the nodes', () => {
  const facts: Facts = {
    ...nothing,
    vpcs: [vpc('vpc-0bbbbbbb', '172.31.0.0/16', 'abc'), vpc('vpc-0aaaaaaa', '10.1.0.0/16', 'ab')],
  };
  const given: Given = { provider: 'ec2', region: 'eu-west-1', server: '10.1.4.11:8080 10.1.4.12:8080' };

  test('is the VPC that has the servers in it, with its subnets, zone by zone', () => {
    const all = settled(given, facts);
    expect(all.left).toEqual([]);
    expect(all.given).toMatchObject({
      vpc: 'vpc-0aaaaaaa',
      'public-subnet': 'subnet-0aa0aaaa subnet-0bb0aaaa',
      'private-subnet': 'subnet-0aa1aaaa subnet-0bb1aaaa',
    });
    expect(question('vpc', given, facts).suggestions!(facts, given)).toEqual([
      { value: 'new', label: 'one that lbctl makes' },
      { value: 'vpc-0bbbbbbb', label: '172.31.0.0/16' },
      { value: 'vpc-0aaaaaaa', label: 'main, 10.1.0.0/16, your servers are in it' },
    ]);
  });

  test('has the subnets of two zones or of all, and private ones in just these', () => {
    const there = { ...given, vpc: 'vpc-0bbbbbbb' };
    const front = question('public-subnet', there, facts).suggestions!(facts, there);
    expect(front.map(({ shown }) => shown)).toEqual([
      'eu-west-1a, eu-west-1b',
      'eu-west-1a, eu-west-1b, eu-west-1c',
    ]);
    const chosen = { ...there, 'public-subnet': 'subnet-0cc0bbbb subnet-0aa0bbbb' };
    expect(question('private-subnet', chosen, facts).byDefault!(chosen, facts)).toBe(
      'subnet-0cc1bbbb subnet-0aa1bbbb',
    );
    const partly = { ...facts, vpcs: [{ ...facts.vpcs[0]!, subnets: facts.vpcs[0]!.subnets.slice(1) }] };
    expect(question('private-subnet', chosen, partly).byDefault!(chosen, partly)).toBe('');
  });

  test.each([
    ['10.0.0.11:80', '10.1.0.0/16'],
    ['10.1.4.11:80', '10.0.0.0/16'],
    ['192.168.0.1:80', '10.0.0.0/16'],
  ])('that is made for servers at %s is %s', (server, range) => {
    const fresh = { ...given, server, vpc: 'new' };
    expect(settled(fresh, nothing).given['vpc-cidr']).toBe(range);
  });

  test('that is made keeps away from those that are there, and is not asked about for public servers', () => {
    const fresh = { ...given, server: '192.168.0.1:80', vpc: 'new' };
    const busy = { ...facts, vpcs: [vpc('vpc-0aaaaaaa', '10.0.0.0/14', 'ab')] };
    expect(settled(fresh, busy).given['vpc-cidr']).toBe('10.4.0.0/16');
    expect(settled({ ...given, server: '203.0.113.7:80' }, busy).given['vpc-cidr']).toBeUndefined();
  });

  test.each([
    ['vpc-cidr', '10.1.0.0/16', '10.1.4.11 is in it, and would be looked for in the new VPC'],
    [
      'vpc-cidr',
      '10.20.1.0/16',
      '10.20.1.0/16 does not start where a range of its size does: write 10.20.0.0/16',
    ],
    ['vpc-cidr', '10.20.0.0/8', '"10.20.0.0/8" must be a range from /16 to /24 such as 10.20.0.0/16'],
    ['instances', '0', '"0" must be a whole number from 1 to 200'],
    ['instances', '6-2', '6 is more than 2'],
    ['instances', '2-', '"" must be a whole number from 1 to 200'],
    ['instances', '2-400', '"400" must be a whole number from 1 to 200'],
    [
      'instance-type',
      't4g.small t3.small',
      't3.small is for x86_64 and t4g.small for arm64, and one image is for one of them',
    ],
    ['port', '19098', 'port 19098 of nodes tells the load balancer whether they are alive'],
    ['port', '8099', 'port 8099 has the counters of NGINX'],
    ['https', 'acme', 'nodes of ec2 come and go, and cannot each get a certificate: take acm, or files'],
    [
      'server',
      'unix:/run/app.sock',
      'unix:/run/app.sock is the node itself, on which nothing runs but NGINX',
    ],
    ['path.1', '/api/=127.0.0.1:80', '127.0.0.1:80 is the node itself, on which nothing runs but NGINX'],
    [
      'zone',
      'example.com',
      'with addresses that stay, records lead to a host without a *: name one (--host)',
    ],
  ])('%s: %s is refused', (id, text, why) => {
    const fresh = { ...given, vpc: 'new', host: '*.example.com' };
    expect(complaintAbout(question(id, fresh, nothing), text, fresh)).toBe(why);
  });

  test('in several Regions is a new one in each', () => {
    const wide = { ...given, region: 'eu-west-1 us-east-1' };
    expect(settled(wide, facts)).toMatchObject({ left: [], given: { nat: 'per_zone' } });
    expect(settled(wide, facts).given['vpc']).toBeUndefined();
    expect(settled({ ...wide, vpc: 'new' }, facts).left).toEqual([]);
    const both = { ...wide, vpc: 'vpc-0aaaaaaa' };
    expect(complaintAbout(question('vpc', both, facts), 'vpc-0aaaaaaa', both)).toBe(
      'a VPC is in one Region, and it runs in several: take new',
    );
  });
});

describe('of what each Region takes its own', () => {
  const facts: Facts = {
    ...nothing,
    certificates: [
      certificate('eu-west-1', 'a', 'other.example.org'),
      certificate('eu-west-1', 'b', '*.example.com', 'example.com', 'example.net'),
      certificate('us-east-1', 'c', 'example.net', '*.example.com', 'example.com'),
      certificate('eu-west-1', 'd', 'www.example.com'),
    ],
    topics: [arn('sns', 'eu-west-1', 'ops'), arn('sns', 'us-east-1', 'ops'), arn('sns', 'us-east-1', 'x')],
  };
  const given: Given = { provider: 'ec2', region: 'eu-west-1', host: 'shop.example.com', https: 'acm' };

  test('those come together that are alike, and those for the hosts come first', () => {
    const one = question('acm', given, facts).suggestions!(facts, given);
    expect(one.map(({ shown, label }) => `${shown}: ${label}`)).toEqual([
      '*.example.com and 2 more: until 2027-03-01',
      'other.example.org: until 2027-03-01',
      'www.example.com: until 2027-03-01',
    ]);
    const wide = { ...given, region: 'us-east-1,eu-west-1' };
    const both = question('acm', wide, facts).suggestions!(facts, wide);
    expect(both.map(({ value }) => value)).toEqual([
      `${arn('acm', 'us-east-1', 'certificate/c')} ${arn('acm', 'eu-west-1', 'certificate/b')}`,
    ]);
    expect(question('notify', wide, facts).suggestions!(facts, wide)).toEqual([
      {
        value: `${arn('sns', 'us-east-1', 'ops')} ${arn('sns', 'eu-west-1', 'ops')}`,
        shown: 'ops',
        label: '',
      },
    ]);
  });

  test('there is one for each, and none of elsewhere', () => {
    const wide = { ...given, region: 'us-east-1,eu-west-1' };
    const home = arn('acm', 'eu-west-1', 'certificate/b');
    expect(complaintAbout(question('acm', wide, facts), home, wide)).toBe(
      'there is no certificate of us-east-1, and each Region takes its own',
    );
    const away = arn('acm', 'ap-southeast-2', 'certificate/b');
    expect(complaintAbout(question('acm', given, facts), `${home} ${away}`, given)).toBe(
      `it does not run in ap-southeast-2, where ${away} is`,
    );
    expect(complaintAbout(question('notify', given, facts), '', given)).toBeUndefined();
  });
});
