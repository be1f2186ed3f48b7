import { element, type Xml } from '../protocols/xml.ts';
import type { Change, ChangeSet, Event, Resource, Stack } from './model.ts';

export function stackXml(stack: Stack, outputs: Readonly<Record<string, string>>): Xml {
  return element(
    'member',
    element('StackId', stack.id),
    element('StackName', stack.name),
    element('CreationTime', stack.created),
    element('StackStatus', stack.status),
    stack.reason === undefined ? undefined : element('StackStatusReason', stack.reason),
    element('DisableRollback', 'false'),
    element('EnableTerminationProtection', stack.protected),
    element(
      'Outputs',
      ...Object.entries(outputs).map(([key, value]) =>
        element('member', element('OutputKey', key), element('OutputValue', value)),
      ),
    ),
    element(
      'Tags',
      ...Object.entries(stack.tags).map(([key, value]) =>
        element('member', element('Key', key), element('Value', value)),
      ),
    ),
  );
}

export function eventXml(stack: Stack, event: Event): Xml {
  return element(
    'member',
    element('StackId', stack.id),
    element('StackName', stack.name),
    element('EventId', event.id),
    element('LogicalResourceId', event.logicalId),
    element('PhysicalResourceId', event.physicalId),
    element('ResourceType', event.type),
    element('Timestamp', event.at),
    element('ResourceStatus', event.status),
    event.reason === undefined ? undefined : element('ResourceStatusReason', event.reason),
    event.token === undefined ? undefined : element('ClientRequestToken', event.token),
  );
}

export function resourceXml({ logicalId, physicalId, type, status, reason }: Resource): Xml {
  return element(
    'member',
    element('LogicalResourceId', logicalId),
    element('PhysicalResourceId', physicalId),
    element('ResourceType', type),
    element('LastUpdatedTimestamp', new Date().toISOString()),
    element('ResourceStatus', status),
    reason === undefined ? undefined : element('ResourceStatusReason', reason),
  );
}

export function changeSetXml(
  stack: Stack,
  set: ChangeSet,
  { items, next }: { readonly items: readonly Change[]; readonly next: string | undefined },
  values: boolean,
): (Xml | undefined)[] {
  const isReady = set.status !== 'CREATE_PENDING';
  return [
    element('ChangeSetName', set.name),
    element('ChangeSetId', set.id),
    element('StackId', stack.id),
    element('StackName', stack.name),
    element('Status', set.status),
    element('ExecutionStatus', set.execution),
    set.reason === undefined ? undefined : element('StatusReason', set.reason),
    element('Changes', ...(isReady ? items.map((change) => changeXml(change, values)) : [])),
    isReady && next !== undefined ? element('NextToken', next) : undefined,
  ];
}

function changeXml(change: Change, values: boolean): Xml {
  const { action, logicalId, physicalId, type, replacement, details } = change;
  return element(
    'member',
    element('Type', 'Resource'),
    element(
      'ResourceChange',
      element('Action', action),
      element('LogicalResourceId', logicalId),
      physicalId === undefined ? undefined : element('PhysicalResourceId', physicalId),
      element('ResourceType', type),
      replacement === undefined ? undefined : element('Replacement', replacement),
      element(
        'Scope',
        ...[...new Set(details.map(({ attribute }) => attribute))].map((one) => element('member', one)),
      ),
      element('Details', ...details.map((detail) => detailXml(detail, values))),
    ),
  );
}

function detailXml(detail: Change['details'][number], values: boolean): Xml {
  const { attribute, name, recreation, evaluation, source, causing, before, after } = detail;
  return element(
    'member',
    element(
      'Target',
      element('Attribute', attribute),
      name === undefined ? undefined : element('Name', name),
      element('RequiresRecreation', recreation),
      values && name !== undefined ? element('Path', `/Properties/${name}`) : undefined,
      values && before !== undefined ? element('BeforeValue', before) : undefined,
      values && after !== undefined ? element('AfterValue', after) : undefined,
    ),
    element('Evaluation', evaluation),
    element('ChangeSource', source),
    causing === undefined ? undefined : element('CausingEntity', causing),
  );
}
