import type { RecordSet } from '../../../src/lib/dns/record.ts';
import { a, alias, NAME } from './records.ts';

/** Records that Route 53 refuses, with the check that finds them here. */
export interface Refused {
  readonly check: string;
  readonly what: string;
  readonly sets: readonly RecordSet[];
  /** What is said here. */
  readonly says: RegExp;
  /** Code by which Route 53 refuses it, and a part of its message. */
  readonly aws: readonly [code: 'InvalidChangeBatch' | 'InvalidInput', message: RegExp];
}

const BATCH = 'InvalidChangeBatch';
const geo = (id: string, GeoLocation: NonNullable<RecordSet['GeoLocation']>) =>
  a({ SetIdentifier: id, GeoLocation });
const weighted = (id: string, Weight: number, more: Partial<RecordSet> = {}) =>
  a({ SetIdentifier: id, Weight, ...more });
const fallback = geo('default', { CountryCode: '*' });

export const refused: readonly Refused[] = [
  {
    check: 'names',
    what: 'a name of another zone',
    sets: [a({ Name: 'www.example.org.' })],
    says: /is not in the zone example\.com/,
    aws: [BATCH, /not permitted in zone/],
  },
  {
    check: 'names',
    what: 'a label that is too long',
    sets: [a({ Name: `${'a'.repeat(64)}.example.com.` })],
    says: /longer than 63/,
    aws: [BATCH, /FATAL problem: DomainLabelTooLong/],
  },
  {
    check: 'values',
    what: 'an A record with an IPv6 address',
    sets: [a({}, '2001:db8::1')],
    says: /is not an IPv4 address/,
    aws: [BATCH, /ARRDATAIllegalIPv4Address/],
  },
  {
    check: 'values',
    what: 'an AAAA record with an IPv4 address',
    sets: [a({ Type: 'AAAA' }, '192.0.2.1')],
    says: /is not an IPv6 address/,
    aws: [BATCH, /AAAARRDATAIllegalIPv6Address/],
  },
  {
    check: 'values',
    what: 'a TXT without quotes',
    sets: [a({ Type: 'TXT' }, 'hello')],
    says: /double quotes/,
    aws: [BATCH, /InvalidCharacterString/],
  },
  {
    check: 'values',
    what: 'the same value twice',
    sets: [a({ ResourceRecords: [{ Value: '192.0.2.1' }, { Value: '192.0.2.1' }] })],
    says: /twice/,
    aws: [BATCH, /Duplicate Resource Record/],
  },
  {
    check: 'values',
    what: 'two values in a latency record',
    sets: [
      a({
        SetIdentifier: 'x',
        Region: 'us-east-1',
        ResourceRecords: [{ Value: '192.0.2.1' }, { Value: '192.0.2.2' }],
      }),
    ],
    says: /a latency record has one/,
    aws: [BATCH, /must contain exactly one/],
  },
  {
    check: 'values',
    what: 'two values in a weighted record',
    sets: [weighted('x', 1, { ResourceRecords: [{ Value: '192.0.2.1' }, { Value: '192.0.2.2' }] })],
    says: /a weighted record has one/,
    aws: [BATCH, /must contain exactly one/],
  },
  {
    check: 'values',
    what: 'two values in a CNAME',
    sets: [a({ Type: 'CNAME', ResourceRecords: [{ Value: 'a.example.net.' }, { Value: 'b.example.net.' }] })],
    says: /a CNAME has one/,
    aws: [BATCH, /CNAMERRDATA|exactly one/],
  },
  {
    check: 'alias',
    what: 'an alias with a TTL',
    sets: [a({ Name: 'inner.example.com.' }), alias({ TTL: 60 })],
    says: /an alias has no TTL/,
    aws: ['InvalidInput', /TTL/],
  },
  {
    check: 'alias',
    what: 'an alias with values',
    sets: [a({ Name: 'inner.example.com.' }), alias({ ResourceRecords: [{ Value: '192.0.2.1' }] })],
    says: /an alias has no values/,
    aws: ['InvalidInput', /ResourceRecords/],
  },
  {
    check: 'alias',
    what: 'a record without a TTL',
    sets: [{ Name: NAME, Type: 'A', ResourceRecords: [{ Value: '192.0.2.1' }] }],
    says: /has no TTL/,
    aws: ['InvalidInput', /TTL/],
  },
  {
    check: 'alias',
    what: 'a record without a value',
    sets: [{ Name: NAME, Type: 'A', TTL: 60 }],
    says: /has no value/,
    aws: ['InvalidInput', /ResourceRecords|AliasTarget/],
  },
  {
    check: 'alias',
    what: 'an alias that leads to nothing of its type',
    sets: [alias({})],
    says: /which is not there/,
    aws: [BATCH, /alias target name was not found/],
  },
  {
    check: 'cname',
    what: 'a CNAME at the apex',
    sets: [a({ Name: 'example.com.', Type: 'CNAME' }, 'other.example.net.')],
    says: /cannot be a CNAME/,
    aws: [BATCH, /CNAME is not permitted at apex/],
  },
  {
    check: 'cname',
    what: 'a CNAME beside other records',
    sets: [a({}), a({ Type: 'CNAME' }, 'other.example.net.')],
    says: /for itself/,
    aws: [BATCH, /conflicts with other records/],
  },
  {
    check: 'mixed-policies',
    what: 'weighted and latency records of one name',
    sets: [weighted('one', 1), a({ SetIdentifier: 'two', Region: 'us-east-1' })],
    says: /mixes routing policies: weighted and latency/,
    aws: [BATCH, /conflicts with .* policy|same type of routing/],
  },
  {
    check: 'mixed-policies',
    what: 'a simple record beside weighted ones',
    sets: [weighted('one', 1), a({}, '192.0.2.2')],
    says: /mixes routing policies/,
    aws: [BATCH, /conflicts with .* policy|same type of routing/],
  },
  {
    check: 'mixed-policies',
    what: 'two policies in one record',
    sets: [weighted('one', 1, { Region: 'us-east-1' })],
    says: /mixes routing policies/,
    aws: ['InvalidInput', /exactly one of/],
  },
  {
    check: 'identifiers',
    what: 'a weighted record without an identifier',
    sets: [a({ Weight: 1 })],
    says: /without an identifier/,
    aws: ['InvalidInput', /SetIdentifier/],
  },
  {
    check: 'identifiers',
    what: 'an identifier without a policy',
    sets: [a({ SetIdentifier: 'x' })],
    says: /no routing policy/,
    aws: ['InvalidInput', /SetIdentifier/],
  },
  {
    check: 'identifiers',
    what: 'an identifier of more than 128 characters',
    sets: [weighted('x'.repeat(129), 1)],
    says: /1 to 128 characters/,
    aws: ['InvalidInput', /SetIdentifier/],
  },
  {
    check: 'identifiers',
    what: 'the same identifier twice',
    sets: [weighted('x', 1), weighted('x', 2)],
    says: /two records with the identifier x/,
    aws: [BATCH, /already exists|duplicate/i],
  },
  {
    check: 'regions',
    what: 'a Region that there is not',
    sets: [a({ SetIdentifier: 'x', Region: 'eu-west-9' })],
    says: /no Region eu-west-9/,
    aws: ['InvalidInput', /Region/],
  },
  {
    check: 'locations',
    what: 'a continent together with a country',
    sets: [fallback, geo('x', { ContinentCode: 'EU', CountryCode: 'DE' })],
    says: /a continent stands alone/,
    aws: ['InvalidInput', /ContinentCode/],
  },
  {
    check: 'locations',
    what: 'a country that there is not',
    sets: [fallback, geo('x', { CountryCode: 'UK' })],
    says: /there is no country UK/,
    aws: ['InvalidInput', /geo/i],
  },
  {
    check: 'locations',
    what: 'a country whose addresses nobody knows',
    sets: [fallback, geo('x', { CountryCode: 'EH' })],
    says: /knows no addresses of Western Sahara/,
    aws: ['InvalidInput', /geo/i],
  },
  {
    check: 'locations',
    what: 'a state of another country',
    sets: [fallback, geo('x', { CountryCode: 'CA', SubdivisionCode: 'ON' })],
    says: /states are those of the United States/,
    aws: ['InvalidInput', /geo|Subdivision/i],
  },
  {
    check: 'duplicates',
    what: 'the same location twice',
    sets: [fallback, geo('x', { CountryCode: 'DE' }), geo('y', { CountryCode: 'DE' })],
    says: /two records for Germany/,
    aws: [BATCH, /same geolocation|already exists/i],
  },
  {
    check: 'duplicates',
    what: 'the same Region twice',
    sets: [a({ SetIdentifier: 'x', Region: 'us-east-1' }), a({ SetIdentifier: 'y', Region: 'us-east-1' })],
    says: /two latency records for us-east-1/,
    aws: [BATCH, /same region|already exists/i],
  },
  {
    check: 'weights',
    what: 'a weight of more than 255',
    sets: [weighted('x', 256), weighted('y', 1)],
    says: /from 0 to 255/,
    aws: ['InvalidInput', /Weight/],
  },
  {
    check: 'weights',
    what: 'more than 100 weighted records',
    sets: Array.from({ length: 101 }, (_, index) => weighted(`x${index}`, 1)),
    says: /takes 100/,
    aws: [BATCH, /100/],
  },
  {
    check: 'failover',
    what: 'two primaries',
    sets: ['one', 'two'].map((id) => a({ SetIdentifier: id, Failover: 'PRIMARY', HealthCheckId: 'h' })),
    says: /2 records that are the primary/,
    aws: [BATCH, /PRIMARY/],
  },
  {
    check: 'failover',
    what: 'an alias that fails over without looking',
    sets: [
      a({ Name: 'inner.example.com.' }),
      alias({ SetIdentifier: 'one', Failover: 'PRIMARY' }, 'inner.example.com.', false),
      a({ SetIdentifier: 'two', Failover: 'SECONDARY' }),
    ],
    says: /never fails over/,
    aws: [BATCH, /EvaluateTargetHealth/],
  },
  {
    check: 'geoproximity',
    what: 'a bias of more than 99',
    sets: [a({ SetIdentifier: 'x', GeoProximityLocation: { AWSRegion: 'us-east-1', Bias: 100 } })],
    says: /from -99 to 99/,
    aws: ['InvalidInput', /Bias/],
  },
  {
    check: 'geoproximity',
    what: 'a place in a Region and by coordinates',
    sets: [
      a({
        SetIdentifier: 'x',
        GeoProximityLocation: { AWSRegion: 'us-east-1', Coordinates: { Latitude: '1', Longitude: '1' } },
      }),
    ],
    says: /needs one place/,
    aws: ['InvalidInput', /exactly one/],
  },
];
