import { canonical } from '../names.ts';
import type { RecordSet } from '../record.ts';

/** Keys of a record set that are read (ResourceRecordSet). */
const KEYS = new Set([
  'Name',
  'Type',
  'SetIdentifier',
  'Weight',
  'Region',
  'GeoLocation',
  'Failover',
  'MultiValueAnswer',
  'GeoProximityLocation',
  'CidrRoutingConfig',
  'TTL',
  'ResourceRecords',
  'AliasTarget',
  'HealthCheckId',
]);

/**
 * Reads record sets in Route 53's own form, as `lbctl dns export` and `aws route53 list-resource-record-sets` write them.
 * @returns what is wrong in words, where they are none.
 */
export function readJson(text: string): readonly RecordSet[] | string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`;
  }
  const list = (data as { readonly ResourceRecordSets?: unknown } | null)?.ResourceRecordSets;
  if (!Array.isArray(list)) return 'it has no list ResourceRecordSets';
  const sets: RecordSet[] = [];
  for (const [index, item] of list.entries()) {
    const fault = faultOf(item);
    if (fault !== undefined) return `ResourceRecordSets[${index}] ${fault}`;
    const set = item as RecordSet;
    const alias = set.AliasTarget;
    sets.push({
      ...set,
      Name: canonical(set.Name),
      ...(alias ? { AliasTarget: { ...alias, DNSName: canonical(alias.DNSName) } } : {}),
    });
  }
  return sets;
}

function faultOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'is no record set';
  const set = item as Record<string, unknown>;
  const unknown = Object.keys(set).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `has a key that is not known: ${unknown}`;
  for (const key of ['Name', 'Type'])
    if (typeof set[key] !== 'string' || set[key] === '') return `has no ${key}`;
  for (const key of ['SetIdentifier', 'Region', 'Failover', 'HealthCheckId'])
    if (set[key] !== undefined && typeof set[key] !== 'string') return `: ${key} is no text`;
  for (const key of ['TTL', 'Weight'])
    if (set[key] !== undefined && typeof set[key] !== 'number') return `: ${key} is no number`;
  const { ResourceRecords: records, AliasTarget: alias } = set;
  if (records !== undefined && !(Array.isArray(records) && records.every(isRecord)))
    return ': ResourceRecords is no list of values';
  if (alias !== undefined && !isAlias(alias))
    return ': AliasTarget lacks HostedZoneId, DNSName or EvaluateTargetHealth';
  for (const key of ['GeoLocation', 'GeoProximityLocation', 'CidrRoutingConfig'])
    if (set[key] !== undefined && (typeof set[key] !== 'object' || set[key] === null))
      return `: ${key} is no mapping`;
  return undefined;
}

function isRecord(value: unknown): boolean {
  return typeof (value as { readonly Value?: unknown } | null)?.Value === 'string';
}

function isAlias(value: unknown): boolean {
  const { HostedZoneId, DNSName, EvaluateTargetHealth } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof HostedZoneId === 'string' &&
    typeof DNSName === 'string' &&
    typeof EvaluateTargetHealth === 'boolean'
  );
}

export function writeJson(sets: readonly RecordSet[]): string {
  return `${JSON.stringify({ ResourceRecordSets: sets }, null, 2)}\n`;
}
