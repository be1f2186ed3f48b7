import { type Xml } from '../protocols/xml.ts';
import type { Context, Operation } from '../service.ts';
import type { Stack, State } from './model.ts';
import { invalid } from './template.ts';

export type Form = Readonly<Record<string, string>>;

export interface Settings {
  /** Steps that stacks go ahead whenever somebody looks at them. */
  steps: number;
  /** Events, changes and resources on a page. */
  page: number;
  /** Stacks of an account in a Region. */
  most: number;
}

const PARAMETERS =
  /^(?:StackName|ChangeSetName|ChangeSetType|TemplateBody|TemplateURL|ClientToken|ClientRequestToken|Description|NextToken|IncludePropertyValues|EnableTerminationProtection|IncludeNestedStacks|TemplateStage|StackDriftDetectionId|MaxResults|LogicalResourceId|PhysicalResourceId|operation|(?:Capabilities|ResourcesToSkip|RetainResources|StackResourceDriftStatusFilters)\.member\.\d+|Tags\.member\.\d+\.(?:Key|Value))$/u;

export const answer = (form: Form, ...result: readonly (Xml | undefined)[]) => ({
  operation: form['operation'],
  result: result.filter((part) => part !== undefined),
});
/** @param gone whether one that was deleted may be meant, by its ID. */
export const find = (state: State, form: Form, { region }: Context, gone = false): Stack => {
  const name = form['StackName'] ?? '';
  const stack =
    state.stacks[`${region}/${name}`] ??
    Object.values(state.stacks).find(({ id }) => id === name) ??
    (gone ? state.gone[name] : undefined);
  if (!stack) throw invalid(`Stack with id ${name} does not exist`);
  return stack;
};
const operation = (
  mutates: boolean,
  run: (state: State, form: Form, context: Context) => unknown,
): Operation<State> => ({
  mutates,
  run(state, form: Form, context) {
    const unknown = Object.keys(form).find((key) => !PARAMETERS.test(key));
    if (unknown !== undefined)
      throw invalid(`the fake knows no parameter ${unknown} of ${form['operation']}`);
    return run(state, form, context);
  },
});
export const reading = (run: (state: State, form: Form, context: Context) => unknown) =>
  operation(false, run);
export const changing = (run: (state: State, form: Form, context: Context) => unknown) =>
  operation(true, run);
/** A list, as `Name.member.1`, `Name.member.2`… */
export const members = (form: Form, name: string): string[] =>
  Object.keys(form)
    .filter((key) => key.startsWith(`${name}.member.`))
    .map((key) => form[key]!);
export const tagsIn = (form: Form): Record<string, string> =>
  Object.fromEntries(
    Object.keys(form)
      .filter((key) => /^Tags\.member\.\d+\.Key$/u.test(key))
      .map((key) => [form[key]!, form[key.replace(/Key$/u, 'Value')] ?? '']),
  );
export const refuseBusy = (stack: Stack, doing: string): void => {
  if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS')
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be ${doing}.`);
};
