import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import type { Balancer } from '../../../src/lib/balancer/schema/balancer.ts';
import type { Ec2 } from '../../../src/lib/balancer/schema/ec2.ts';
import { check } from '../../../src/lib/dns/checks/registry.ts';
import { wishOfBalancer } from '../../../src/lib/dns/wanted/balancer.ts';
import { build } from '../../../src/lib/dns/wanted/build.ts';
import { type Answers, type Fleet, readAnswers } from '../../../src/lib/init/answers.ts';
import { lbYaml } from '../../../src/lib/init/lb-yaml.ts';
import type { Facts, Given } from '../../../src/lib/init/question.ts';
import { questionsFor } from '../../../src/lib/init/questions.ts';
import { scalar } from '../../../src/lib/init/scalar.ts';
import { parseSource } from '../../../src/lib/balancer/source.ts';
import { lintBalancer } from '../../../src/lib/source/linting/balancer.ts';
import { someAnswers } from './some-answers.ts';

const facts: Facts = {
  folder: 'shop',
  inGit: true,
  instances: ['web-1', 'web-2'],
  groups: ['shop-app'],
  zones: [{ id: 'Z1', name: 'example.com' }],
  balancers: ['shop'],
  vpcs: [],
  certificates: [],
  topics: [],
};

const numbers = fc.array(fc.nat({ max: 999 }), { minLength: 12, maxLength: 24 });

function answersOf(given: Given): Answers {
  return readAnswers(given, new Set(questionsFor(given, facts).map(({ id }) => id)));
}

/** The answers that an lb.yaml comes from. */
function readBack(balancer: Balancer): Omit<Answers, 'preCommit'> {
  const { listeners, upstreams, routes, dns, alarms } = balancer;
  const [route] = routes;
  const { http, https } = listeners;
  const { discover, servers } = upstreams['web']!;
  const paths = Object.entries(route!.paths).filter(([path]) => path !== '/');
  const { acme, acm, certificate, key } = https?.tls ?? {};
  const port = https?.port ?? 0;
  return {
    provider: balancer.provider,
    name: balancer.name,
    nodes: balancer.nodes ?? [],
    regions: balancer.regions ?? [(discover?.lightsail ?? discover?.autoscaling_group)?.region ?? []].flat(),
    instances: balancer.lightsail?.instances ?? 1,
    sshFrom: balancer.lightsail?.ssh_from ?? [],
    fleet: balancer.ec2 && fleetIn(balancer.ec2),
    servers: servers.map(({ address }) => address),
    discover: discover && {
      from: discover.lightsail ? 'lightsail' : 'group',
      name: (discover.lightsail ?? discover.autoscaling_group)!.name!,
      port: discover.port,
    },
    hosts: route!.host ?? [],
    https: acme
      ? { by: 'acme', email: acme.email, zone: acme.zone, port }
      : acm
        ? { by: 'acm', certificates: acm, port }
        : https && { by: 'files', certificate: certificate!, key: key!, port },
    port: http!.port,
    paths: paths.map(([path, { upstream, rate_limit: limit }]) => ({
      path,
      rate: limit?.rate,
      servers: upstream === 'web' ? [] : upstreams[upstream!]!.servers.map(({ address }) => address),
    })),
    dns: dns && {
      zone: dns.zone,
      policy: dns.policy,
      hosts: [dns.name!, ...dns.records.map(({ name }) => name!)],
      addresses: balancer.lightsail || balancer.ec2 ? [] : addressesIn(dns.answers),
    },
    alarms: alarms && {
      balancer: alarms.balancer ?? (balancer.ec2 ? undefined : balancer.name),
      notify: alarms.notify,
    },
  };
}

function fleetIn({ nodes, instance_types: instanceTypes, image, vpc, static_ips: staticIps }: Ec2): Fleet {
  return {
    nodes,
    instanceTypes,
    image,
    network:
      vpc.id === undefined
        ? { made: true, nat: vpc.nat!, range: vpc.cidr }
        : {
            made: false,
            id: vpc.id,
            publicSubnets: vpc.public_subnets!,
            privateSubnets: vpc.private_subnets ?? [],
          },
    staticIps,
  };
}

function addressesIn(answers: NonNullable<Balancer['dns']>['answers']): string[] {
  if (typeof answers === 'string' || Array.isArray(answers)) return [answers].flat();
  return Object.values(answers ?? {}).flatMap(({ to }) => to);
}

/** Addresses as the provider would have them. */
function addressesByRegion({ regions, instances, provider, fleet }: Answers): Record<string, string[]> {
  if (fleet && !fleet.staticIps)
    return Object.fromEntries(regions.map((region) => [region, [`a-1.elb.${region}.amazonaws.com`]]));
  if (provider !== 'lightsail' && !fleet) return {};
  const of = (at: number): string[] =>
    Array.from({ length: fleet ? 2 : instances }, (_, i) => `198.51.100.${at * 20 + i + 1}`);
  return Object.fromEntries(regions.map((region, at) => [region, of(at)]));
}

describe('whatever is answered', () => {
  const seen = new Map<string, number>();

  test(
    'lb.yaml says just that, and neither its checks nor lint have anything against it',
    { timeout: 300_000 },
    () => {
      fc.assert(
        fc.property(numbers, (turns) => {
          const given = someAnswers(turns, facts);
          const { preCommit, ...answers } = answersOf(given);
          expect(preCommit).toBe(given['pre-commit'] === 'yes');
          const text = lbYaml({ ...answers, preCommit });
          const { balancer } = readBalancer(text, 'lb.yaml');
          expect(readBack(balancer)).toEqual(answers);
          const found = lintBalancer(text, 'lb.yaml', { target: undefined });
          expect(found.filter(({ severity }) => severity !== 'info')).toEqual([]);
          for (const what of [answers.provider, answers.https?.by ?? 'http', answers.dns?.policy ?? 'no dns'])
            seen.set(what, (seen.get(what) ?? 0) + 1);
        }),
        { numRuns: 300 },
      );
      expect([...seen.keys()]).toEqual(
        expect.arrayContaining([
          'local',
          'ssh',
          'lightsail',
          'ec2',
          'acme',
          'acm',
          'files',
          'http',
          'simple',
          'latency',
          'failover',
        ]),
      );
    },
  );

  test('the records that it asks for are such as Route 53 takes', () => {
    let asked = 0;
    fc.assert(
      fc.property(numbers, (turns) => {
        const answers = answersOf(someAnswers(turns, facts));
        const { balancer } = readBalancer(lbYaml(answers), 'lb.yaml');
        if (!balancer.dns) return;
        asked++;
        const wish = wishOfBalancer(balancer.dns, {
          owner: balancer.name,
          healthPath: '/healthz',
          regions: addressesByRegion(answers),
        });
        const { wanted, complaints } = build(wish);
        expect(complaints).toEqual([]);
        expect(wanted.sets.length).toBeGreaterThan(0);
        expect(check({ wanted, others: [] }).map(({ message }) => message)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(asked).toBeGreaterThan(100);
  });

  test('comments fit into any terminal', () => {
    fc.assert(
      fc.property(numbers, (turns) => {
        const comments = lbYaml(answersOf(someAnswers(turns, facts))).match(/^ *#.*$/gmu) ?? [];
        for (const line of comments) expect(line.length).toBeLessThanOrEqual(79);
      }),
    );
  });
});

test('any text stays itself as a value of YAML', () => {
  const words = fc.constantFrom(
    'no',
    'NULL',
    '1',
    '1.5',
    '1:20',
    '0x1f',
    '- a',
    'a: b',
    '#',
    '*a',
    'a ',
    '10.0.0.1:80',
  );
  fc.assert(
    fc.property(fc.oneof(words, fc.string({ unit: 'grapheme' })), (text) => {
      const { data } = parseSource(`a: ${scalar(text)}\nb: [${scalar(text)}]\n`, 'x.yaml');
      expect(data).toEqual({ a: text, b: [text] });
    }),
    { numRuns: 1000 },
  );
});
