import type { Change, ChangedProperty } from '../../aws/cloudformation/model.ts';
import type { Step } from '../../plan/step.ts';
import type { Ec2Step } from './steps.ts';
import { type NoticedChange, trafficOf } from './traffic.ts';

/** Characters of a value that a plan shows. */
const SHOWN = 60;

const ACTIONS: Readonly<Record<Change['action'], Step['action']>> = {
  Add: 'create',
  Modify: 'change',
  Remove: 'delete',
  Dynamic: 'change',
  Import: 'change',
  SyncWithActual: 'change',
};

/** What a change set would do, a step for each resource, in AWS's words for their types. */
export function stepsOfChanges(region: string, changes: readonly NoticedChange[], where: string): Ec2Step[] {
  return changes.map((change): Ec2Step => {
    const { action, logicalId, type, replacement, details } = change;
    const traffic = trafficOf(change);
    return {
      kind: 'resource',
      region,
      action: replacement === 'True' ? 'replace' : ACTIONS[action],
      resource: type.replace(/^AWS::/u, ''),
      name: `${logicalId}${where}`,
      details: [
        ...new Set(details.map(detailLine)),
        ...(replacement === 'Conditional' ? ['made anew only where what it refers to is'] : []),
      ],
      ...(traffic === undefined ? {} : { traffic }),
    };
  });
}

/** `Port: 80 → 8080`; values that are too long to read are left out. */
function detailLine({ name, before, after, recreation, cause }: ChangedProperty): string {
  const isShort = [before, after].every((value) => value === null || value.length <= SHOWN);
  const values = isShort && (before ?? after) !== null ? `: ${before ?? 'none'} → ${after ?? 'none'}` : '';
  const anew = recreation === 'Always' ? ' (makes it anew)' : '';
  return cause === null ? `${name}${values}${anew}` : `${name}, which follows ${cause}${anew}`;
}

/** What a template would make where there is nothing yet. */
export function additionsIn(template: string): Change[] {
  const { Resources: resources } = JSON.parse(template) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  };
  return Object.entries(resources).map(([logicalId, { Type: type }]) => ({
    action: 'Add',
    logicalId,
    type,
    replacement: null,
    details: [],
  }));
}
