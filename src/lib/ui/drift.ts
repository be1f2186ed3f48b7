import type { DriftedResource } from '../aws/cloudformation/model.ts';
import type { StackDrift } from '../providers/provider.ts';
import type { Style } from './style.ts';

/** What is no longer as stacks made it: a paragraph a stack. */
export function renderDrift(stacks: readonly StackDrift[], style: Style): string {
  return stacks.map((stack) => paragraph(stack, style)).join('\n\n');
}

function paragraph({ region, stack, problem, resources }: StackDrift, style: Style): string {
  const count = resources.length;
  const found =
    count === 0
      ? 'nothing was changed by hand'
      : `${count} ${count === 1 ? 'resource is' : 'resources are'} not as lb.yaml made ${count === 1 ? 'it' : 'them'}`;
  const summary = problem !== null && count === 0 ? 'nothing is known' : found;
  return [
    `drift of ${style.bold(stack)} in ${region}: ${summary}`,
    ...(problem === null ? [] : [`${style.yellow('!')} not all could be checked: ${problem}`]),
    ...resources.flatMap((resource) => lines(resource, style)),
  ].join('\n');
}

function lines(
  { logicalId, type, physicalId, deleted, properties }: DriftedResource,
  style: Style,
): string[] {
  const name = `${logicalId} (${type.replace(/^AWS::/u, '')})  ${style.dim(physicalId)}`;
  if (deleted) return [`  ${style.red('-')} ${name}  deleted by hand`];
  return [
    `  ${style.yellow('~')} ${name}`,
    ...properties.map(
      ({ path, expected, actual }) => `      ${path}: ${expected ?? 'nothing'} → ${actual ?? 'nothing'}`,
    ),
  ];
}
