import type {
  CreateInstanceSnapshotRequest,
  DeleteInstanceSnapshotRequest,
  GetInstanceSnapshotRequest,
  GetInstanceSnapshotsRequest,
  InstanceSnapshot as Shape,
  RegionName,
} from '@aws-sdk/client-lightsail';
import type { Context } from '../../service.ts';
import { bundlesOf } from '../catalog.ts';
import { mustBe } from '../instance.ts';
import { ask, begin } from '../later.ts';
import { changes, type Operations, perform, reads } from '../operation.ts';
import { all, find, makeResource, page, remove } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { Snapshot } from '../state.ts';

/** Snapshots that somebody asked for; they stay when their instance goes, and are paid for. */
export const snapshots = (settings: Settings): Operations => ({
  CreateInstanceSnapshot: changes<CreateInstanceSnapshotRequest>((state, input, context) => {
    const { instanceSnapshotName: name, instanceName, tags = [] } = input;
    const instance = find(state, 'Instance', instanceName, context);
    mustBe(instance, 'running', 'stopped');
    const bundle = bundlesOf(context.region).find(({ bundleId }) => bundleId === instance.bundleId)!;
    const { arn, blueprintId, bundleId } = instance;
    const snapshot: Snapshot = {
      ...makeResource(state, 'InstanceSnapshot', name, tags, context),
      fromInstance: { name: instanceName, arn, blueprintId, bundleId },
      sizeInGb: bundle.diskSizeInGb!,
      wait: begin(settings.waits.snapshot, context),
    };
    const type = 'CreateInstanceSnapshot';
    const wait = settings.waits.snapshot;
    const deeds = [
      { type, name, of: 'InstanceSnapshot', details: instanceName, wait },
      { type, name: instanceName, of: 'Instance', zone: instance.zone, details: name, wait },
    ] as const;
    return { operations: perform(state, context, settings, deeds, () => state.snapshots.push(snapshot)) };
  }),
  DeleteInstanceSnapshot: changes<DeleteInstanceSnapshotRequest>((state, input, context) => {
    const { instanceSnapshotName: name } = input;
    const snapshot = find(state, 'InstanceSnapshot', name, context);
    const deeds = [
      { type: 'DeleteInstanceSnapshot', name, of: 'InstanceSnapshot', details: snapshot.fromInstance.name },
    ] as const;
    return { operations: perform(state, context, settings, deeds, () => remove(state, snapshot)) };
  }),
  GetInstanceSnapshot: reads<GetInstanceSnapshotRequest>((state, { instanceSnapshotName }, context) => ({
    instanceSnapshot: show(find(state, 'InstanceSnapshot', instanceSnapshotName, context), context),
  })),
  GetInstanceSnapshots: reads<GetInstanceSnapshotsRequest>((state, { pageToken }, context) => {
    const { items, ...next } = page(all(state, 'InstanceSnapshot', context), pageToken, settings.pageSize);
    return { instanceSnapshots: items.map((snapshot) => show(snapshot, context)), ...next };
  }),
});

function show(snapshot: Snapshot, context: Context): Shape {
  if (snapshot.wait !== undefined) {
    const { done, wait } = ask(snapshot.wait, context);
    snapshot.wait = done ? undefined : wait;
  }
  const { name, arn, createdAt, region, tags, fromInstance, sizeInGb } = snapshot;
  return {
    name,
    arn,
    supportCode: `6EXAMPLE3362/ami-${arn.slice(-12)}`,
    createdAt,
    location: { availabilityZone: 'all', regionName: region as RegionName },
    resourceType: 'InstanceSnapshot',
    tags,
    state: snapshot.wait === undefined ? 'available' : 'pending',
    fromAttachedDisks: [],
    fromInstanceName: fromInstance.name,
    fromInstanceArn: fromInstance.arn,
    fromBlueprintId: fromInstance.blueprintId,
    fromBundleId: fromInstance.bundleId,
    isFromAutoSnapshot: false,
    sizeInGb,
  };
}
