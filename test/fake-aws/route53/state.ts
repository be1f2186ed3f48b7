/** What a record set is here: as it came over the wire, numbers read. */
export interface FakeSet {
  Name: string;
  Type: string;
  SetIdentifier?: string;
  Weight?: number;
  Region?: string;
  GeoLocation?: Record<string, string>;
  Failover?: string;
  MultiValueAnswer?: boolean;
  GeoProximityLocation?: {
    AWSRegion?: string;
    LocalZoneGroup?: string;
    Bias?: number;
    Coordinates?: Record<string, string>;
  };
  CidrRoutingConfig?: { CollectionId: string; LocationName: string };
  TTL?: number;
  Values?: string[];
  AliasTarget?: { HostedZoneId: string; DNSName: string; EvaluateTargetHealth: boolean };
  HealthCheckId?: string;
}

export interface FakeZone {
  id: string;
  name: string;
  isPrivate: boolean;
  sets: FakeSet[];
}

interface FakeCheck {
  id: string;
  reference: string;
  /** Its configuration, a text by field. */
  config: Record<string, string | string[]>;
  isHealthy: boolean;
  title: string;
}

interface FakeCollection {
  id: string;
  name: string;
  version: number;
  locations: Record<string, string[]>;
}

export interface Route53State {
  zones: FakeZone[];
  checks: FakeCheck[];
  /** References that were used once: one that was deleted does not come again. */
  used: string[];
  collections: FakeCollection[];
  /** Looks that each change takes until it has arrived. */
  pending: Record<string, number>;
  /** Looks that new changes take. */
  looks: number;
  /** Batches so far. */
  batches: number;
  /** Where clients are, by the beginning of their address. */
  places: Record<string, { country: string; continent: string; state?: string }>;
}

export const ZONE_ID = 'Z0123456789EXAMPLE';

/** A zone example.com with what every zone has, and nothing else. */
export function emptyState(more: Partial<Route53State> = {}): Route53State {
  return {
    zones: [
      {
        id: ZONE_ID,
        name: 'example.com.',
        isPrivate: false,
        sets: [
          {
            Name: 'example.com.',
            Type: 'NS',
            TTL: 172800,
            Values: ['ns-1.awsdns-01.com.', 'ns-2.awsdns-02.net.'],
          },
          {
            Name: 'example.com.',
            Type: 'SOA',
            TTL: 900,
            Values: ['ns-1.awsdns-01.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400'],
          },
        ],
      },
    ],
    checks: [],
    used: [],
    collections: [],
    pending: {},
    looks: 1,
    batches: 0,
    places: {},
    ...more,
  };
}
