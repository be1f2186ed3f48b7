import type { Plan, Step } from '../plan/step.ts';
import type { Style } from './style.ts';

const SIGNS = { create: '+', change: '~', delete: '-', replace: '-/+' } as const;

/** The plan as people read it: a line a step, what it brings below, and a line that counts. */
export function renderPlan({ balancer, provider, steps }: Plan, style: Style): string {
  if (steps.length === 0) return `${balancer} (${provider}): no changes`;
  const lines = steps.flatMap((step) => stepLines(step, style));
  return [`${balancer} (${provider})`, '', ...lines, '', countingLine(steps)].join('\n');
}

function summaryOf(steps: readonly Step[]): Record<Step['action'], number> {
  const count = (action: Step['action']) => steps.filter((step) => step.action === action).length;
  return {
    create: count('create'),
    change: count('change'),
    replace: count('replace'),
    delete: count('delete'),
  };
}

/** What a command that took steps tells in `--json`. */
export function changeDocument({ balancer, provider, steps }: Plan): Record<string, unknown> {
  return {
    name: balancer,
    provider,
    changed: steps.length > 0,
    ...stepsDocument(steps),
  };
}

/** Steps in `--json`, and how many there are of each kind. */
export function stepsDocument(steps: readonly Step[]): Record<string, unknown> {
  return { steps: steps.map(stepDocument), summary: summaryOf(steps) };
}

export function stepDocument(step: Step): Record<string, unknown> {
  const { action, resource, name, details, traffic, monthly } = step;
  return {
    action,
    resource,
    name,
    details,
    ...(traffic === undefined ? {} : { traffic }),
    ...(monthly === undefined ? {} : { monthly }),
  };
}

function stepLines({ action, resource, name, details, traffic }: Step, style: Style): string[] {
  const paint = { create: style.green, change: style.yellow, delete: style.red, replace: style.red }[action];
  return [
    `  ${paint(`${SIGNS[action].padEnd(3)} ${resource}`)} ${style.bold(name)}`,
    ...details.map((detail) => `        ${style.dim(detail)}`),
    ...(traffic === undefined ? [] : [`        ${style.yellow(`! ${traffic}`)}`]),
  ];
}

function countingLine(steps: readonly Step[]): string {
  const { create, change, replace, delete: gone } = summaryOf(steps);
  const replaced = replace > 0 ? `, ${replace} to replace` : '';
  return `Plan: ${create} to create, ${change} to change${replaced}, ${gone} to delete.`;
}
