import type { ResourceChange, Stack, StackEvent, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { Change, DriftedResource, Happened, StackState } from './model.ts';

export function stackIn(stack: Stack): StackState {
  return {
    id: stack.StackId!,
    status: stack.StackStatus!,
    reason: stack.StackStatusReason ?? null,
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]),
    ),
    tags: Object.fromEntries((stack.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
    isProtected: stack.EnableTerminationProtection ?? false,
  };
}

export function changeIn(change: ResourceChange): Change {
  const details = (change.Details ?? []).map(({ Target, CausingEntity }) => ({
    name: Target?.Name ?? Target?.Attribute ?? '',
    recreation: Target?.RequiresRecreation ?? ('Never' as const),
    before: Target?.BeforeValue ?? null,
    after: Target?.AfterValue ?? null,
    cause: CausingEntity ?? null,
  }));
  return {
    action: change.Action!,
    logicalId: change.LogicalResourceId!,
    type: change.ResourceType!,
    replacement: change.Replacement ?? null,
    details,
  };
}

export function happenedIn(event: StackEvent): Happened {
  return {
    id: event.EventId!,
    at: event.Timestamp!,
    logicalId: event.LogicalResourceId ?? '',
    physicalId: event.PhysicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? null,
    token: event.ClientRequestToken ?? null,
  };
}

export function driftedIn(drift: StackResourceDrift): DriftedResource {
  return {
    logicalId: drift.LogicalResourceId!,
    type: drift.ResourceType!,
    physicalId: drift.PhysicalResourceId ?? '',
    deleted: drift.StackResourceDriftStatus === 'DELETED',
    properties: (drift.PropertyDifferences ?? []).map(
      ({ PropertyPath, DifferenceType, ExpectedValue, ActualValue }) => ({
        path: PropertyPath!,
        expected: DifferenceType === 'ADD' ? null : (ExpectedValue ?? null),
        actual: DifferenceType === 'REMOVE' ? null : (ActualValue ?? null),
      }),
    ),
  };
}
