import type { RecordSet } from '../../../src/lib/dns/record.ts';
import { build } from '../../../src/lib/dns/wanted/build.ts';
import { wishOfFlags } from '../../../src/lib/dns/wanted/flags.ts';
import type { Wanted } from '../../../src/lib/dns/wanted/wanted.ts';

export const NAME = 'www.example.com.';

/** An address record. */
export function a(routing: Partial<RecordSet>, value = '192.0.2.1'): RecordSet {
  return { Name: NAME, Type: 'A', TTL: 60, ResourceRecords: [{ Value: value }], ...routing };
}

/** An alias to another record. */
export function alias(routing: Partial<RecordSet>, to = 'inner.example.com.', look = true): RecordSet {
  return {
    Name: NAME,
    Type: 'A',
    AliasTarget: { HostedZoneId: 'Z0', DNSName: to, EvaluateTargetHealth: look },
    ...routing,
  };
}

/** Records of the zone example.com that somebody wants. */
export function wanted(sets: readonly RecordSet[], more: Partial<Wanted> = {}): Wanted {
  return {
    zone: 'example.com.',
    isPrivate: false,
    owner: 'shop',
    sets,
    checks: [],
    collections: [],
    places: new Map(),
    mustStay: {},
    regions: {},
    authorities: [],
    ...more,
  };
}

/** What flags ask for: `--latency us-east-1=192.0.2.1`. */
export function byFlags(...flags: readonly string[]): Wanted {
  const lists: Record<string, string[]> = {};
  const options: Record<string, string> = { zone: 'example.com', name: 'www.example.com' };
  for (let index = 0; index < flags.length; index += 2) {
    const [flag, value] = [flags[index]!.slice(2), flags[index + 1]!];
    if (['zone', 'name', 'ttl', 'health'].includes(flag)) options[flag] = value;
    else (lists[flag] ??= []).push(value);
  }
  const built = build(wishOfFlags({ options, lists }));
  if (built.complaints.length > 0) throw new Error(built.complaints[0]!.message);
  return built.wanted;
}
