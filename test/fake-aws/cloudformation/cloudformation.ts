import { query } from '../protocols/query.ts';
import { element } from '../protocols/xml.ts';
import { defineService } from '../service.ts';
import { answer, changing, find, members, reading, type Settings } from './calls.ts';
import { changeSets } from './change-sets.ts';
import { drifts } from './drift.ts';
import { beginContinue, beginDelete, tick } from './engine.ts';
import type { Event, Failure, Stack, State } from './model.ts';
import { resolve } from './resolve.ts';
import type { Witness } from './resources.ts';
import { invalid, outputsIn } from './template.ts';
import { eventXml, resourceXml, stackXml } from './wire.ts';

interface Surroundings {
  /** Sees what stacks make, for fakes of other services; a text that it gives back is why the resource fails. */
  readonly witness?: Witness;
  /** The text of a template in S3. */
  readonly fetch?: (url: string) => string | undefined;
}

/** CloudFormation, whose stacks go ahead by themselves as they are looked at. */
export function fakeCloudFormation({
  witness = () => undefined,
  fetch = () => undefined,
}: Surroundings = {}) {
  const settings: Settings = { steps: 3, page: 100, most: 2000 };
  const initial: State = { stacks: {}, gone: {}, failures: [], next: 1 };

  const ahead = (state: State, stack: Stack): void => {
    for (let count = 0; count < settings.steps; count++) tick(state, stack, witness);
  };

  const service = defineService<State>({
    name: 'cloudformation',
    protocol: query('2010-05-15', 'http://cloudformation.amazonaws.com/doc/2010-05-15/'),
    state: initial,
    operations: {
      ...changeSets(settings, fetch),
      ...drifts(settings),
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
