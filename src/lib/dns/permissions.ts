import type { Dns } from '../balancer/schema/balancer.ts';

/** What IAM must allow for the records of a balancer; Route 53 is one for all Regions. */
interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: '*';
}

const RECORDS = [
  'ChangeResourceRecordSets',
  'GetChange',
  'ListCidrCollections',
  'ListHealthChecks',
  'ListHostedZonesByName',
  'ListResourceRecordSets',
];
const HEALTH = ['ChangeTagsForResource', 'CreateHealthCheck', 'DeleteHealthCheck'];
const NETWORKS = ['ChangeCidrCollection', 'CreateCidrCollection', 'DeleteCidrCollection', 'ListCidrBlocks'];

/** The least for what `dns:` asks for. */
export function statementFor(dns: Dns): Statement {
  const names = [dns, ...dns.records];
  const isChecked = names.some(
    ({ health, answers }) => health || JSON.stringify(answers ?? {}).includes('"health":{'),
  );
  const actions = [
    ...RECORDS,
    ...(isChecked ? HEALTH : []),
    ...(names.some(({ policy }) => policy === 'cidr') ? NETWORKS : []),
  ];
  return {
    Sid: 'LbctlRecords',
    Effect: 'Allow',
    Action: actions.toSorted().map((action) => `route53:${action}`),
    Resource: '*',
  };
}
