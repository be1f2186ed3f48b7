import type { Policy, RecordSet } from '../record.ts';

/** Where in lb.yaml something stands, or a flag. */
export type Place = readonly (string | number)[];

/** A health check as Route 53 takes it. */
export interface HealthCheckConfig {
  readonly Type: 'HTTP' | 'HTTPS' | 'TCP' | 'HTTP_STR_MATCH' | 'HTTPS_STR_MATCH';
  readonly IPAddress?: string;
  readonly FullyQualifiedDomainName?: string;
  readonly Port: number;
  readonly ResourcePath?: string;
  readonly SearchString?: string;
  /** Seconds: 10 or 30. */
  readonly RequestInterval: number;
  /** Answers in a row after which it changes its mind, 1 to 10. */
  readonly FailureThreshold: number;
  readonly EnableSNI?: boolean;
  readonly Regions?: readonly string[];
}

/** How answers are asked whether they are alive. */
export interface HealthWish {
  readonly protocol: 'http' | 'https' | 'tcp';
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly host?: string | undefined;
  readonly search?: string | undefined;
  readonly interval: number;
  readonly threshold: number;
  readonly regions?: readonly string[] | undefined;
}

/** One of the answers that a name may give. */
export interface AnswerWish {
  /** What it is for, in the words of the policy: a Region, a location, `primary`, or a name of its own. */
  readonly key: string;
  /** Addresses, host names, `alias:NAME`, or Regions of `regions`. */
  readonly to: readonly string[];
  readonly weight?: number | undefined;
  readonly bias?: number | undefined;
  readonly networks?: readonly string[] | undefined;
  /** The id of a health check that is there, or how a new one asks; false for none. */
  readonly health?: HealthWish | string | false | undefined;
  readonly at: Place;
}

/** What a name is to answer. */
export interface NameWish {
  readonly name: string;
  readonly policy: Policy;
  /** Seconds. */
  readonly ttl?: number | undefined;
  readonly answers: readonly AnswerWish[];
  readonly health?: HealthWish | string | undefined;
  readonly at: Place;
}

/** All that is wished of a zone. */
export interface Wish {
  /** Name of the zone. */
  readonly zone: string;
  readonly isPrivate: boolean;
  /** Who keeps the records: a balancer, or FLAGS. */
  readonly owner: string;
  readonly names: readonly NameWish[];
  /** Addresses or names by Region. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
  /** Regions that clients of a continent or country may be sent to. */
  readonly mustStay: Readonly<Record<string, readonly string[]>>;
  /** Certificate authorities that must be able to issue for the names. */
  readonly authorities: readonly string[];
}

/** Owner of what flags or a file bring in; any balancer may take it over. */
export const FLAGS = '@flags';

/** A health check that is to be there. */
export interface WantedCheck {
  /** Stands in the records for its id until it has one; the beginning of its CallerReference. */
  readonly reference: string;
  readonly config: HealthCheckConfig;
  /** What people see in the console. */
  readonly title: string;
}

/** Networks by location, for IP-based routing. */
export interface WantedCollection {
  /** Name; stands in the records for its id until it has one. */
  readonly name: string;
  readonly locations: Readonly<Record<string, readonly string[]>>;
}

/** What a zone is to hold, as far as it is spoken of. */
export interface Wanted {
  /** Canonical name of the zone. */
  readonly zone: string;
  readonly isPrivate: boolean;
  readonly owner: string;
  readonly sets: readonly RecordSet[];
  readonly checks: readonly WantedCheck[];
  readonly collections: readonly WantedCollection[];
  /** Where each set was asked for. */
  readonly places: ReadonlyMap<RecordSet, Place>;
  readonly mustStay: Readonly<Record<string, readonly string[]>>;
  readonly regions: Readonly<Record<string, readonly string[]>>;
  readonly authorities: readonly string[];
}

/** Records alone, as a file or a zone has them, of which nothing else is known. */
export function onlyRecords(zone: string, isPrivate: boolean, sets: readonly RecordSet[]): Wanted {
  return {
    zone,
    isPrivate,
    owner: FLAGS,
    sets,
    checks: [],
    collections: [],
    places: new Map(),
    mustStay: {},
    regions: {},
    authorities: [],
  };
}

/** Stands for the id of the zone itself until it is known. */
export const THIS_ZONE = 'this-zone';
