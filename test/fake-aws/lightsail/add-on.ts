import type { AddOn, AddOnRequest } from '@aws-sdk/client-lightsail';
import { invalid } from './refusal.ts';

/** When snapshots are taken unless something else is asked for; each region has an hour of its own in fact. */
const HOUR = '06:00';

/** What an instance has after it was asked for. */
export function showAddOn({ addOnType, autoSnapshotAddOnRequest }: AddOnRequest): AddOn {
  if (addOnType !== 'AutoSnapshot')
    throw invalid(`The add-on ${addOnType} is not supported for this instance`);
  const hour = autoSnapshotAddOnRequest?.snapshotTimeOfDay ?? HOUR;
  return { name: addOnType, status: 'Enabled', snapshotTimeOfDay: hour, nextSnapshotTimeOfDay: hour };
}
