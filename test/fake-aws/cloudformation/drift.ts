import { randomUUID } from 'node:crypto';
import { element, type Xml } from '../protocols/xml.ts';
import type { Operation } from '../service.ts';
import { answer, changing, find, members, reading, refuseBusy, type Settings } from './calls.ts';
import type { Difference, Stack, State } from './model.ts';
import { invalid } from './template.ts';

/** Operations that compare what stacks made with what there is. */
export function drifts(settings: Settings): Readonly<Record<string, Operation<State>>> {
  return {
    DetectStackDrift: changing((state, form, context) => {
      const stack = find(state, form, context);
      refuseBusy(stack, 'checked for drift');
      const id = randomUUID();
      stack.detections[id] = { looks: 0 };
      return answer(form, element('StackDriftDetectionId', id));
    }),
    DescribeStackDriftDetectionStatus: reading((state, form) => {
      const id = form['StackDriftDetectionId'] ?? '';
      const stack = Object.values(state.stacks).find(({ detections }) => id in detections);
      if (!stack) throw invalid(`Drift detection ${id} does not exist`);
      const ready = stack.detections[id]!.looks++ > 0;
      const drifted = Object.keys(stack.drift).length;
      const { unchecked } = stack;
      const status = !ready
        ? 'DETECTION_IN_PROGRESS'
        : unchecked === undefined
          ? 'DETECTION_COMPLETE'
          : 'DETECTION_FAILED';
      return answer(
        form,
        element('StackId', stack.id),
        element('StackDriftDetectionId', id),
        element('DetectionStatus', status),
        ready && unchecked !== undefined ? element('DetectionStatusReason', unchecked) : undefined,
        ready ? element('StackDriftStatus', drifted > 0 ? 'DRIFTED' : 'IN_SYNC') : undefined,
        ready ? element('DriftedStackResourceCount', drifted) : undefined,
        element('Timestamp', new Date().toISOString()),
      );
    }),
    DescribeStackResourceDrifts: reading((state, form, context) => {
      const stack = find(state, form, context);
      const wanted = members(form, 'StackResourceDriftStatusFilters');
      const all = Object.entries(stack.drift).filter(([, differences]) =>
        wanted.includes(differences.length === 0 ? 'DELETED' : 'MODIFIED'),
      );
      const from = Number(form['NextToken'] ?? 0);
      const to = from + settings.page;
      return answer(
        form,
        element(
          'StackResourceDrifts',
          ...all.slice(from, to).map(([logicalId, differences]) => driftXml(stack, logicalId, differences)),
        ),
        to < all.length ? element('NextToken', String(to)) : undefined,
      );
    }),
  };
}

function driftXml(stack: Stack, logicalId: string, differences: readonly Difference[]): Xml {
  const { physicalId, type } = stack.resources[logicalId]!;
  return element(
    'member',
    element('StackId', stack.id),
    element('LogicalResourceId', logicalId),
    element('PhysicalResourceId', physicalId),
    element('ResourceType', type),
    element('StackResourceDriftStatus', differences.length === 0 ? 'DELETED' : 'MODIFIED'),
    element('PropertyDifferences', ...differences.map((one) => differenceXml(stack, logicalId, one))),
    element('Timestamp', new Date().toISOString()),
  );
}

/** What is not there is the word null. */
function differenceXml(stack: Stack, logicalId: string, { path, actual }: Difference): Xml {
  const expected = valueAt(stack, logicalId, path);
  return element(
    'member',
    element('PropertyPath', path),
    element('ExpectedValue', expected ?? 'null'),
    element('ActualValue', actual ?? 'null'),
    element('DifferenceType', actual === null ? 'REMOVE' : expected === undefined ? 'ADD' : 'NOT_EQUAL'),
  );
}

/** What the template has at a place; undefined where it has nothing there. */
function valueAt(stack: Stack, logicalId: string, path: string): string | undefined {
  let value: unknown = stack.resources[logicalId]!.properties;
  for (const part of path.split('/').filter(Boolean))
    value = (value as Record<string, unknown> | undefined)?.[part];
  return typeof value === 'object' ? JSON.stringify(value) : value === undefined ? value : String(value);
}
