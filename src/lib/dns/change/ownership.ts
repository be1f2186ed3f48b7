import { groupOf, type RecordSet, valuesOf } from '../record.ts';

/** Seconds; nobody but lbctl asks for these records. */
const TTL = 300;

/**
 * Name of the TXT record that says whose records of a name and type are. It is below the name, so that it may stand beside
 * a CNAME and is in the way of nobody's TXT; the type is in it, as a name may have records of several owners.
 */
export function ownershipName(name: string, type: string): string {
  // a star is a wildcard in front alone, and here it would be behind
  return `_lbctl-${type.toLowerCase()}.${name.replace(/^\\052\./u, '_any.')}`;
}

/** The record that says whose a group is. */
export function ownershipOf({ Name, Type }: Pick<RecordSet, 'Name' | 'Type'>, owner: string): RecordSet {
  return {
    Name: ownershipName(Name, Type),
    Type: 'TXT',
    TTL,
    ResourceRecords: [{ Value: `"heritage=lbctl,owner=${owner}"` }],
  };
}

/** Who keeps the groups of a zone, by group. */
export interface Ownership {
  ownerOf(set: Pick<RecordSet, 'Name' | 'Type'>): string | undefined;
  /** The record that says so. */
  recordOf(set: Pick<RecordSet, 'Name' | 'Type'>): RecordSet | undefined;
  /** Groups that a record speaks for, gone or not: each by name and type. */
  readonly owned: readonly (Pick<RecordSet, 'Name' | 'Type'> & { readonly owner: string })[];
}

/** Reads who keeps what. */
export function readOwnership(sets: readonly RecordSet[]): Ownership {
  const found = new Map<string, { Name: string; Type: string; owner: string; record: RecordSet }>();
  for (const record of sets) {
    if (record.Type !== 'TXT') continue;
    const [, type, rest] = /^_lbctl-([a-z]+)\.(.+)$/u.exec(record.Name) ?? [];
    const [, owner] = /^"heritage=lbctl,owner=([^",]+)"$/u.exec(valuesOf(record)[0] ?? '') ?? [];
    if (type === undefined || rest === undefined || owner === undefined) continue;
    const group = { Name: rest.replace(/^_any\./u, '\\052.'), Type: type.toUpperCase() };
    found.set(groupOf(group), { ...group, owner, record });
  }
  return {
    ownerOf: (set) => found.get(groupOf(set))?.owner,
    recordOf: (set) => found.get(groupOf(set))?.record,
    owned: [...found.values()],
  };
}

/** Whether a record says whose others are. */
export function isOwnership({ Name, Type }: RecordSet): boolean {
  return Type === 'TXT' && Name.startsWith('_lbctl-');
}
