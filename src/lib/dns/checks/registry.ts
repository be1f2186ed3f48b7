import { alias } from './alias.ts';
import { caa } from './caa.ts';
import type { Check, Finding, Subject } from './check.ts';
import { cidr } from './cidr.ts';
import { cname } from './cname.ts';
import { defaultLocation } from './default-location.ts';
import { duplicates } from './duplicates.ts';
import { failover } from './failover.ts';
import { fallThrough } from './fall-through.ts';
import { geoproximity } from './geoproximity.ts';
import { groupTtl } from './group-ttl.ts';
import { healthAbsent } from './health-absent.ts';
import { healthChecks } from './health-checks.ts';
import { identifiers } from './identifiers.ts';
import { locations } from './locations.ts';
import { mixedPolicies } from './mixed-policies.ts';
import { names } from './names.ts';
import { privateAddresses } from './private-addresses.ts';
import { regions } from './regions.ts';
import { residency } from './residency.ts';
import { shadow } from './shadow.ts';
import { slowFailover } from './slow-failover.ts';
import { usStates } from './us-states.ts';
import { values } from './values.ts';
import { weights } from './weights.ts';

/** All checks, in the order in which what they find is told. */
export const checks: readonly Check[] = [
  names,
  values,
  alias,
  cname,
  mixedPolicies,
  identifiers,
  regions,
  locations,
  duplicates,
  weights,
  groupTtl,
  failover,
  geoproximity,
  cidr,
  healthChecks,
  healthAbsent,
  defaultLocation,
  usStates,
  fallThrough,
  slowFailover,
  privateAddresses,
  shadow,
  caa,
  residency,
];

/** A finding with the check that it comes from. */
export interface Told extends Finding {
  readonly check: string;
}

/** All that is wrong with what is wanted. */
export function check(subject: Subject): readonly Told[] {
  return checks.flatMap(({ id, find }) => find(subject).map((finding) => ({ ...finding, check: id })));
}
