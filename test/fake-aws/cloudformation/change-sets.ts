import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { element } from '../protocols/xml.ts';
import type { Context, Operation } from '../service.ts';
import {
  answer,
  changing,
  find,
  type Form,
  members,
  reading,
  refuseBusy,
  type Settings,
  tagsIn,
} from './calls.ts';
import { changesOf } from './changes.ts';
import { begin } from './engine.ts';
import { enter } from './events.ts';
import type { Stack, State } from './model.ts';
import { invalid, outputsIn, readTemplate, refuseCircles, refuseWithoutCapabilities } from './template.ts';
import { changeSetXml } from './wire.ts';

/**
 * Operations on change sets.
 * @param fetch the text of a template in S3.
 */
export function changeSets(
  settings: Settings,
  fetch: (url: string) => string | undefined,
): Readonly<Record<string, Operation<State>>> {
  function createChangeSet(state: State, form: Form, context: Context) {
    const { StackName: name = '', ChangeSetName: setName = '', ChangeSetType: type = 'UPDATE' } = form;
    if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/u.test(name) || !/^[A-Za-z][A-Za-z0-9-]{0,127}$/u.test(setName))
      throw invalid(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    const text = form['TemplateURL'] === undefined ? form['TemplateBody'] : fetch(form['TemplateURL']);
    if (text === undefined)
      throw invalid(
        form['TemplateURL']
          ? 'S3 error: The specified key does not exist.'
          : 'Either Template URL or Template Body must be specified.',
      );
    const template = readTemplate(text, form['TemplateURL'] !== undefined);
    refuseCircles(template);
    const key = `${context.region}/${name}`;
    let stack = state.stacks[key];
    if (type === 'CREATE') {
      if (stack && stack.status !== 'REVIEW_IN_PROGRESS')
        throw invalid(
          `Stack [${name}] already exists and cannot be created again with the changeSet [${setName}].`,
        );
      if (!stack && Object.keys(state.stacks).length >= settings.most)
        throw new AwsError(400, 'LimitExceededException', `Stacks limit exceeded: ${settings.most}`);
    } else {
      if (!stack) throw invalid(`Stack [${name}] does not exist`);
      if (!/^(?:CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE|UPDATE_FAILED)$/u.test(stack.status))
        throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    refuseWithoutCapabilities(template, members(form, 'Capabilities'));
    if (stack?.changeSets[setName])
      throw new AwsError(
        400,
        'AlreadyExistsException',
        `ChangeSet ${setName} cannot be created due to a mismatch with existing attribute Template`,
      );
    if (!stack) {
      stack = {
        region: context.region,
        name,
        id: `arn:aws:cloudformation:${context.region}:${context.account}:stack/${name}/${randomUUID()}`,
        created: context.now.toISOString(),
        status: '',
        reason: undefined,
        text: '{"Resources":{}}',
        tags: {},
        protected: false,
        resources: {},
        events: [],
        changeSets: {},
        work: undefined,
        drift: {},
        unchecked: undefined,
        detections: {},
      };
      state.stacks[key] = stack;
      enter(stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
    }
    const tags = tagsIn(form);
    const changes = changesOf(stack, template, tags);
    const isEmpty =
      changes.length === 0 && JSON.stringify(outputsIn(text)) === JSON.stringify(outputsIn(stack.text));
    const id = `arn:aws:cloudformation:${context.region}:${context.account}:changeSet/${setName}/${randomUUID()}`;
    stack.changeSets[setName] = {
      name: setName,
      id,
      type,
      text,
      tags,
      status: isEmpty ? 'FAILED' : 'CREATE_PENDING',
      execution: 'UNAVAILABLE',
      reason: isEmpty
        ? "The submitted information didn't contain changes. Submit different information to create a change set."
        : undefined,
      changes,
    };
    return answer(form, element('Id', id), element('StackId', stack.id));
  }

  return {
    CreateChangeSet: changing(createChangeSet),
    DescribeChangeSet: reading((state, form, context) => {
      const stack = find(state, form, context);
      const set = setIn(stack, form);
      const from = Number(form['NextToken'] ?? 0);
      const to = from + settings.page;
      const page = {
        items: set.changes.slice(from, to),
        next: to < set.changes.length ? String(to) : undefined,
      };
      const told = changeSetXml(stack, set, page, form['IncludePropertyValues'] === 'true');
      // it is ready a moment later
      if (set.status === 'CREATE_PENDING') [set.status, set.execution] = ['CREATE_COMPLETE', 'AVAILABLE'];
      return answer(form, ...told);
    }),
    ExecuteChangeSet: changing((state, form, context) => {
      const stack = find(state, form, context);
      const set = setIn(stack, form);
      if (set.execution !== 'AVAILABLE')
        throw new AwsError(
          400,
          'InvalidChangeSetStatus',
          `ChangeSet [${set.id}] cannot be executed in its current status of [${set.status}]`,
        );
      refuseBusy(stack, 'updated');
      // all others are gone with it
      stack.changeSets = {};
      begin(stack, set.type === 'CREATE' ? 'create' : 'update', {
        text: set.text,
        tags: set.tags,
        token: form['ClientRequestToken'],
      });
      return answer(form);
    }),
    DeleteChangeSet: changing((state, form, context) => {
      const stack = find(state, form, context);
      const name = form['ChangeSetName'] ?? '';
      const key = Object.values(stack.changeSets).find((set) => set.id === name || set.name === name)?.name;
      if (key !== undefined) delete stack.changeSets[key];
      return answer(form);
    }),
  };
}

const setIn = (stack: Stack, form: Form) => {
  const name = form['ChangeSetName'] ?? '';
  const found = stack.changeSets[name] ?? Object.values(stack.changeSets).find(({ id }) => id === name);
  if (!found) throw new AwsError(404, 'ChangeSetNotFound', `ChangeSet [${name}] does not exist`);
  return found;
};
