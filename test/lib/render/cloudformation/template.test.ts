import { CORE_SCHEMA, defineScalarTag, defineSequenceTag, load } from 'js-yaml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../../src/lib/balancer/read.ts';
import { stackTags, stackTemplate } from '../../../../src/lib/providers/ec2/template.ts';
import { AGENT_ACTIONS } from '../../../../src/lib/render/cloudformation/role.ts';
import { templateJson, templateYaml } from '../../../../src/lib/render/cloudformation/write.ts';
import { balancerOf, type Document, documentOf, stacks } from './stacks.ts';

describe('the template of', () => {
  test.each(stacks)('%s is sound', (name) => {
    const balancer = balancerOf(name);
    for (const region of balancer.regions ?? [undefined])
      expect(problemsOf(documentOf(balancer, region))).toEqual([]);
  });

  test.each(stacks)('%s says the same as YAML and as JSON', (name) => {
    const template = stackTemplate(balancerOf(name));
    expect(load(templateYaml(template), { schema: SHORT_FORMS })).toEqual(JSON.parse(templateJson(template)));
  });

  test.each(['smallest', 'everything'])('%s reads as its fixture shows', async (name) => {
    const yaml = templateYaml(stackTemplate(balancerOf(name), 'eu-west-1'));
    const short = yaml.replace(
      /(UserData:\n +Fn::Base64: !Sub \|-?\n)(?: {12}.*\n|\n(?= {12}))+/u,
      '$1            # the script of the first boot\n',
    );
    expect(short).not.toContain('lifecycle()');
    await expect(short).toMatchFileSnapshot(`../../../../fixtures/cloudformation/${name}.template`);
  });
});

test('templates of balancers of all kinds are sound', () => {
  fc.assert(
    fc.property(balancers, (given) => {
      const { balancer } = readBalancer(JSON.stringify(given), 'lb.yaml');
      expect(problemsOf(documentOf(balancer))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('nodes may do nothing else, and where it is everywhere there is no other way', () => {
  const [policy] = documentOf(balancerOf('everything')).Resources['NodeRole']!.Properties!['Policies'] as [
    { PolicyDocument: { Statement: { Sid: string; Action: string | string[]; Resource: unknown }[] } },
  ];
  const statements = policy.PolicyDocument.Statement;
  expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([
    { Sid: 'TakeCommands', Effect: 'Allow', Action: [...AGENT_ACTIONS], Resource: '*' },
  ]);
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  expect(Object.fromEntries(statements.map(({ Sid, Action }) => [Sid, Action]))).toMatchObject({
    ReadReleases: 's3:GetObject',
    TellWhatIsMissing: 's3:ListBucket',
    TellAutoScaling: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
    WriteLog: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  });
});

test('the PROXY protocol is switched by weights between groups that are both asked for health', () => {
  const weights = (name: string) =>
    JSON.stringify(documentOf(balancerOf(name)).Resources['Listener80']!.Properties!['DefaultActions']);
  expect(weights('proxy-protocol-ready')).toContain(
    '{"TargetGroupArn":{"Ref":"Targets80"},"Weight":1},{"TargetGroupArn":{"Ref":"ProxyTargets80"},"Weight":0}',
  );
  expect(weights('proxy-protocol')).toContain(
    '{"TargetGroupArn":{"Ref":"Targets80"},"Weight":0},{"TargetGroupArn":{"Ref":"ProxyTargets80"},"Weight":1}',
  );
});

test('subnets keep their addresses when zones come and go', () => {
  const blocks = (zones: unknown) => {
    const { Resources } = documentOf(
      readBalancer(JSON.stringify({ ...SMALLEST, ec2: { zones } }), 'lb.yaml').balancer,
    );
    return Object.fromEntries(
      Object.entries(Resources)
        .filter(([, { Type: type }]) => type === 'AWS::EC2::Subnet')
        .map(([id, { Properties }]) => [id, Properties!['CidrBlock']]),
    );
  };
  const all = blocks(6);
  expect(new Set(Object.values(all)).size).toBe(12);
  expect(all).toMatchObject(blocks(2));
  expect(all).toMatchObject(blocks(['f', 'a', 'c']));
});

test('subnets that are named keep the address that the load balancer has there, in whatever order', () => {
  const [one, two, three] = ['a', 'b', 'c'].map((letter) => `subnet-0aaa1111bbb22222${letter}`);
  const mappings = (...subnets: readonly unknown[]) => {
    const vpc = { id: 'vpc-0abc1234def567890', public_subnets: subnets };
    const { Resources } = documentOf(
      readBalancer(JSON.stringify({ ...SMALLEST, ec2: { vpc } }), 'lb.yaml').balancer,
    );
    const found = Resources['LoadBalancer']!.Properties!['SubnetMappings'] as { SubnetId: string }[];
    return Object.fromEntries(found.map(({ SubnetId, ...rest }) => [SubnetId, rest]));
  };
  const all = mappings(one, two, three);
  expect(all[two!]).toEqual({ AllocationId: { 'Fn::GetAtt': ['Address0aaa1111bbb22222b', 'AllocationId'] } });
  expect(all).toEqual(mappings(three, one, two));
  expect(all).toMatchObject(mappings(two, three));
});

test('a listener of another Region has its own certificate, and alarms tell the topics there', () => {
  const text = JSON.stringify(documentOf(balancerOf('tls-regions'), 'us-east-1'));
  expect(text).toContain('arn:aws:acm:us-east-1:');
  expect(text).toContain('arn:aws:sns:us-east-1:');
  expect(text).not.toContain(':eu-west-1:');
});

test('tags of a stack are those of lb.yaml and the name of its balancer', () => {
  expect(stackTags(balancerOf('tags'))).toEqual({
    team: 'web',
    'cost:centre': '4711',
    'lbctl:balancer': 'shop',
  });
});

const SMALLEST = {
  name: 'shop',
  provider: 'ec2',
  listeners: { http: { port: 80 } },
  upstreams: { web: ['10.1.0.11:8080'] },
  routes: [{ paths: { '/': 'web' } }],
};

/** The short forms of CloudFormation, as their long ones. */
const word = (tag: string, long: (text: string) => unknown) =>
  defineScalarTag(tag, { resolve: (source) => long(source), identify: () => false });
const SHORT_FORMS = CORE_SCHEMA.withTags(
  word('!Ref', (Ref) => ({ Ref })),
  word('!Sub', (text) => ({ 'Fn::Sub': text })),
  word('!GetAZs', (text) => ({ 'Fn::GetAZs': text })),
  word('!GetAtt', (text) => ({ 'Fn::GetAtt': text.split('.') })),
  defineSequenceTag('!Select', {
    identify: () => false,
    create: (): unknown[] => [],
    addItem: (list, item) => void list.push(item),
    finalize: (list) => ({ 'Fn::Select': list }),
  }),
);

/** Properties that give a resource a name of one's own, which would be in the way of another in its place. */
const NAMES =
  /^(?:BucketName|RoleName|GroupName|LoadBalancerName|LogGroupName|LaunchTemplateName|InstanceProfileName|Name)$/u;
/** Most bytes of user data ("Instance user data" of EC2), before they are encoded. */
const MOST_USER_DATA = 16_384;

/** What CloudFormation or AWS would find wrong, and what would be in the way later. */
function problemsOf(document: Document): string[] {
  const { Resources, Outputs } = document;
  const known = new Set([
    ...Object.keys(Resources),
    'AWS::Region',
    'AWS::AccountId',
    'AWS::Partition',
    'AWS::StackName',
    'AWS::URLSuffix',
  ]);
  const problems: string[] = [];
  const refer = (id: string, from: string) => {
    if (!known.has(id)) problems.push(`${from} refers to ${id}`);
  };
  const walk = (value: unknown, from: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Ref') refer(inner as string, from);
      else if (key === 'Fn::GetAtt') refer((inner as string[])[0]!, from);
      else if (key === 'Fn::Sub')
        for (const [, id] of (inner as string).matchAll(/\$\{([^!}][^}]*)\}/gu))
          refer(id!.split('.')[0]!, from);
      else walk(inner, from);
    }
  };
  for (const [id, body] of Object.entries(Resources)) {
    if (!/^[A-Za-z\d]{1,255}$/u.test(id)) problems.push(`${id} is no logical ID`);
    walk(body, id);
    for (const other of body.DependsOn ?? []) refer(other, id);
    for (const key of Object.keys(body.Properties ?? {}))
      if (NAMES.test(key)) problems.push(`${id} has the name ${key}`);
  }
  walk(Outputs, 'Outputs');
  if (Object.keys(Resources).length > 500) problems.push('there are more than 500 resources');
  const data = JSON.stringify(Resources['LaunchTemplate']!.Properties);
  const script = (
    JSON.parse(data) as { LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Sub': string } } } }
  ).LaunchTemplateData.UserData['Fn::Base64']['Fn::Sub'];
  if (Buffer.byteLength(script) > MOST_USER_DATA) problems.push('the user data is too long');
  return problems;
}

const ports = fc.uniqueArray(
  fc.integer({ min: 1, max: 11_000 }).filter((port) => port !== 8099),
  { minLength: 1, maxLength: 12 },
);

/** What lb.yaml may say of a balancer on EC2. */
const balancers = fc
  .record({
    ports,
    names: fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,6}$/u), {
      minLength: 12,
      maxLength: 12,
    }),
    kinds: fc.array(fc.constantFrom('http', 'tcp', 'udp', 'both', 'tls', 'inside'), {
      minLength: 12,
      maxLength: 12,
    }),
    alarms: fc.boolean(),
    ec2: fc.record(
      {
        nodes: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constant({ min: 2, max: 9, desired: 3 })),
        instance_types: fc.subarray(['c7g.medium', 't4g.small', 'm8g.large'], { minLength: 1 }),
        image: fc.constantFrom('amazon_linux_2023', 'debian_12', 'debian_13', 'ubuntu_24_04'),
        zones: fc.oneof(
          fc.integer({ min: 2, max: 6 }),
          fc.subarray(['a', 'b', 'c', 'd', 'e', 'f'], { minLength: 2 }),
        ),
        vpc: fc.record({
          cidr: fc.constantFrom('10.0.0.0/16', '192.168.7.0/24'),
          nat: fc.constantFrom('per_zone', 'one', 'none'),
        }),
        static_ips: fc.boolean(),
        cross_zone: fc.boolean(),
        proxy_protocol: fc.constantFrom(true, false, 'ready'),
        spot: fc.record({
          strategy: fc.constantFrom('price-capacity-optimized', 'capacity-optimized', 'lowest-price'),
          on_demand_base: fc.constantFrom(0, 1),
        }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ ports: given, names, kinds, alarms, ec2 }) => ({
    ...SMALLEST,
    routes: [],
    ec2,
    listeners: Object.fromEntries(
      given.flatMap((port, index): [string, object][] => {
        const name = names[index]!;
        const handed = { port, upstream: 'web' };
        switch (kinds[index]) {
          case 'tcp':
            return [[name, { ...handed, protocol: 'tcp' }]];
          case 'udp':
            return [[name, { ...handed, protocol: 'udp' }]];
          case 'both':
            return [
              [name, { ...handed, protocol: 'tcp' }],
              [`${name}-udp-udp`, { ...handed, protocol: 'udp' }],
            ];
          case 'tls':
            return [[name, { port, tls: { acm: 'arn:aws:acm:eu-west-1:111122223333:certificate/0f3c' } }]];
          case 'inside':
            return [[name, { port, address: '127.0.0.1' }]];
          default:
            return [[name, { port }]];
        }
      }),
    ),
    ...(alarms ? { alarms: { notify: 'arn:aws:sns:eu-west-1:111122223333:ops' } } : {}),
  }));
