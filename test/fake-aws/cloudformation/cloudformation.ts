import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { query } from '../protocols/query.ts';
import { element, type Xml } from '../protocols/xml.ts';
import { type Context, defineService, type Operation } from '../service.ts';
import { changesOf } from './changes.ts';
import { begin, beginContinue, beginDelete, enter, tick, type Witness } from './engine.ts';
import type { Event, Failure, Stack, State, Template } from './model.ts';
import { resolve } from './resolve.ts';
import { invalid, readTemplate, refuseCircles, refuseWithoutCapabilities } from './template.ts';
import { changeSetXml, eventXml, resourceXml, stackXml } from './wire.ts';

type Form = Readonly<Record<string, string>>;

interface Settings {
  /** Steps that stacks go ahead whenever somebody looks at them. */
  steps: number;
  /** Events, changes and resources on a page. */
  page: number;
  /** Stacks of an account in a Region. */
  most: number;
}

interface Surroundings {
  /** Sees what stacks make, for fakes of other services; a text that it gives back is why the resource fails. */
  readonly witness?: Witness;
  /** The text of a template in S3. */
  readonly fetch?: (url: string) => string | undefined;
}

const PARAMETERS =
  /^(?:StackName|ChangeSetName|ChangeSetType|TemplateBody|TemplateURL|ClientToken|ClientRequestToken|Description|NextToken|IncludePropertyValues|EnableTerminationProtection|IncludeNestedStacks|TemplateStage|StackDriftDetectionId|MaxResults|LogicalResourceId|PhysicalResourceId|operation|(?:Capabilities|ResourcesToSkip|RetainResources|StackResourceDriftStatusFilters)\.member\.\d+|Tags\.member\.\d+\.(?:Key|Value))$/u;

/** CloudFormation, whose stacks go ahead by themselves as they are looked at. */
export function fakeCloudFormation({
  witness = () => undefined,
  fetch = () => undefined,
}: Surroundings = {}) {
  const settings: Settings = { steps: 3, page: 100, most: 2000 };
  const initial: State = { stacks: {}, gone: {}, failures: [], next: 1 };

  const answer = (form: Form, ...result: readonly (Xml | undefined)[]) => ({
    operation: form['operation'],
    result: result.filter((part) => part !== undefined),
  });
  const find = (state: State, form: Form, { region }: Context, gone = false): Stack => {
    const name = form['StackName'] ?? '';
    const stack =
      state.stacks[`${region}/${name}`] ??
      Object.values(state.stacks).find(({ id }) => id === name) ??
      (gone ? state.gone[name] : undefined);
    if (!stack) throw invalid(`Stack with id ${name} does not exist`);
    return stack;
  };
  const ahead = (state: State, stack: Stack): void => {
    for (let count = 0; count < settings.steps; count++) tick(state, stack, witness);
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
  const reading = (run: (state: State, form: Form, context: Context) => unknown) => operation(false, run);
  const changing = (run: (state: State, form: Form, context: Context) => unknown) => operation(true, run);
  const members = (form: Form, name: string): string[] =>
    Object.keys(form)
      .filter((key) => key.startsWith(`${name}.member.`))
      .map((key) => form[key]!);
  const tagsIn = (form: Form): Record<string, string> =>
    Object.fromEntries(
      Object.keys(form)
        .filter((key) => /^Tags\.member\.\d+\.Key$/u.test(key))
        .map((key) => [form[key]!, form[key.replace(/Key$/u, 'Value')] ?? '']),
    );
  const refuseBusy = (stack: Stack, doing: string): void => {
    if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS')
      throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be ${doing}.`);
  };

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

  const setIn = (stack: Stack, form: Form) => {
    const name = form['ChangeSetName'] ?? '';
    const found = stack.changeSets[name] ?? Object.values(stack.changeSets).find(({ id }) => id === name);
    if (!found) throw new AwsError(404, 'ChangeSetNotFound', `ChangeSet [${name}] does not exist`);
    return found;
  };

  const service = defineService<State>({
    name: 'cloudformation',
    protocol: query('2010-05-15', 'http://cloudformation.amazonaws.com/doc/2010-05-15/'),
    state: initial,
    operations: {
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
      DescribeStacks: reading((state, form, context) => {
        if (form['StackName'] === undefined) throw invalid('the fake lists no stacks');
        const stack = find(state, form, context, true);
        ahead(state, stack);
        return answer(form, element('Stacks', stackXml(stack, outputsOf(stack))));
      }),
      DescribeStackEvents: reading((state, form, context) => {
        const stack = find(state, form, context, true);
        if (form['NextToken'] === undefined) ahead(state, stack);
        const events = stack.events.toReversed();
        // a page begins where the last one ended, whatever has come since
        const from =
          form['NextToken'] === undefined ? 0 : 1 + events.findIndex(({ id }) => id === form['NextToken']);
        const page = events.slice(from, from + settings.page);
        const more = from + settings.page < events.length;
        return answer(
          form,
          element('StackEvents', ...page.map((event: Event) => eventXml(stack, event))),
          more ? element('NextToken', page.at(-1)!.id) : undefined,
        );
      }),
      ListStackResources: reading((state, form, context) => {
        const stack = find(state, form, context, true);
        const all = Object.values(stack.resources);
        const from = Number(form['NextToken'] ?? 0);
        const to = from + settings.page;
        return answer(
          form,
          element('StackResourceSummaries', ...all.slice(from, to).map(resourceXml)),
          to < all.length ? element('NextToken', String(to)) : undefined,
        );
      }),
      GetTemplate: reading((state, form, context) => {
        const stack = find(state, form, context);
        return answer(form, element('TemplateBody', stack.text));
      }),
      DeleteStack: changing((state, form, context) => {
        const { StackName: name = '' } = form;
        const stack =
          state.stacks[`${context.region}/${name}`] ??
          Object.values(state.stacks).find(({ id }) => id === name);
        // what is not there is gone
        if (!stack) return answer(form);
        if (stack.protected)
          throw invalid(`Stack [${stack.id}] cannot be deleted while TerminationProtection is enabled`);
        if (stack.status === 'DELETE_IN_PROGRESS') return answer(form);
        if (/^(?:UPDATE|ROLLBACK).*IN_PROGRESS$/u.test(stack.status))
          throw invalid(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
        beginDelete(stack, form['ClientRequestToken']);
        return answer(form);
      }),
      UpdateTerminationProtection: changing((state, form, context) => {
        const stack = find(state, form, context);
        stack.protected = form['EnableTerminationProtection'] === 'true';
        return answer(form, element('StackId', stack.id));
      }),
      ContinueUpdateRollback: changing((state, form, context) => {
        const stack = find(state, form, context);
        if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
          throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not continue UpdateRollback`);
        beginContinue(stack, form['ClientRequestToken'], members(form, 'ResourcesToSkip'));
        return answer(form);
      }),
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
        return answer(
          form,
          element('StackId', stack.id),
          element('StackDriftDetectionId', id),
          element('DetectionStatus', ready ? 'DETECTION_COMPLETE' : 'DETECTION_IN_PROGRESS'),
          ready ? element('StackDriftStatus', drifted > 0 ? 'DRIFTED' : 'IN_SYNC') : undefined,
          ready ? element('DriftedStackResourceCount', drifted) : undefined,
          element('Timestamp', new Date().toISOString()),
        );
      }),
      DescribeStackResourceDrifts: reading((state, form, context) => {
        const stack = find(state, form, context);
        const drifts = Object.entries(stack.drift).map(([logicalId, differences]) =>
          element(
            'member',
            element('StackId', stack.id),
            element('LogicalResourceId', logicalId),
            element('PhysicalResourceId', stack.resources[logicalId]!.physicalId),
            element('ResourceType', stack.resources[logicalId]!.type),
            element('StackResourceDriftStatus', differences.length === 0 ? 'DELETED' : 'MODIFIED'),
            element(
              'PropertyDifferences',
              ...differences.map(({ path, actual }) =>
                element(
                  'member',
                  element('PropertyPath', path),
                  element('ExpectedValue', valueAt(stack, logicalId, path)),
                  element('ActualValue', actual),
                  element('DifferenceType', 'NOT_EQUAL'),
                ),
              ),
            ),
            element('Timestamp', new Date().toISOString()),
          ),
        );
        return answer(form, element('StackResourceDrifts', ...drifts));
      }),
    },
    inventory: ({ stacks }) =>
      Object.values(stacks).map(({ region, name, status, protected: kept, tags, resources, changeSets }) => ({
        region,
        name,
        status,
        protected: kept,
        tags,
        changeSets: Object.keys(changeSets),
        resources: Object.fromEntries(
          Object.values(resources).map(({ logicalId, type, properties }) => [
            logicalId,
            { type, properties },
          ]),
        ),
      })),
  });
  return {
    ...service,
    settings,
    inventory: () => service.inventory() as readonly Told[],
    stack: (name: string, region: string) => service.state().stacks[`${region}/${name}`],
    /** Has a resource fail the next times that this is done to it. */
    failResource: (logicalId: string, on: Failure['on'], reason: string, times = 1): void =>
      void service.state().failures.push({ logicalId, on, reason, times }),
    /** Runs what is under way to its end. */
    settle(): void {
      for (const stack of Object.values(service.state().stacks))
        for (let count = 0; stack.work && count < 1000; count++) tick(service.state(), stack, witness);
    },
  };
}

export type FakeCloudFormation = ReturnType<typeof fakeCloudFormation>;

interface Told {
  readonly region: string;
  readonly name: string;
  readonly status: string;
  readonly protected: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly changeSets: readonly string[];
  readonly resources: Readonly<Record<string, { readonly type: string; readonly properties: unknown }>>;
}

const outputsIn = (text: string) => (JSON.parse(text) as Template).Outputs ?? {};

function outputsOf(stack: Stack): Record<string, string> {
  if (!/^(?:CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/u.test(stack.status)) return {};
  const scope = {
    region: stack.region,
    stackName: stack.name,
    stackId: stack.id,
    resources: stack.resources,
  };
  return Object.fromEntries(
    Object.entries(outputsIn(stack.text)).map(([name, { Value }]) => [name, String(resolve(Value, scope))]),
  );
}

function valueAt(stack: Stack, logicalId: string, path: string): string {
  let value: unknown = stack.resources[logicalId]!.properties;
  for (const part of path.split('/').filter(Boolean))
    value = (value as Record<string, unknown> | undefined)?.[part];
  return String(value);
}
