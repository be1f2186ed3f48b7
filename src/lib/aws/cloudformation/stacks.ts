import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { UserError } from '../../errors.ts';
import { clientOptions } from '../client.ts';
import { attempt, codeOf, withPolicy } from '../failure.ts';
import { allPages } from '../pages.ts';
import type { Change, DriftedResource, Happened, Proposal, ResourceState, StackState } from './model.ts';
import { changeIn, driftedIn, happenedIn, stackIn } from './read.ts';

/** A template as it is or where it lies, and what the stack is to bear. */
export interface Wish {
  readonly template: { readonly text: string } | { readonly url: string };
  readonly tags: Readonly<Record<string, string>>;
}

/** Stacks of a Region; every failure is told in words. */
export interface Stacks {
  readonly region: string;
  /** Null where there is none. */
  stack(name: string): Promise<StackState | null>;
  /** The text that it was made of last; null where there is none. */
  template(name: string): Promise<string | null>;
  /** Also those that have been deleted. `DescribeStackResources` would keep all but the first hundred to itself. */
  resources(name: string): Promise<readonly ResourceState[]>;
  /** Has a change set made; it is not there at once. */
  propose(name: string, set: string, type: 'CREATE' | 'UPDATE', wish: Wish): Promise<void>;
  /** Null while it is being made. */
  proposal(name: string, set: string): Promise<Proposal | null>;
  /** Nothing where there is none. */
  withdraw(name: string, set: string): Promise<void>;
  execute(name: string, set: string, token: string): Promise<void>;
  /** Goes on with a way back that failed. */
  goBack(name: string, token: string): Promise<void>;
  remove(name: string, token: string): Promise<void>;
  protect(name: string, isProtected: boolean): Promise<void>;
  /**
   * What has happened since, the oldest first.
   * @param seen whether an event has been told of; none older than it are asked for.
   */
  events(id: string, seen: (event: Happened) => boolean): Promise<Happened[]>;
  /** Has it compared with what its resources are; gives the ID to look for. */
  detectDrift(name: string): Promise<string>;
  /** Why not all could be compared, if anything; null while it is at work. */
  driftDetection(name: string, id: string): Promise<{ readonly problem: string | null } | null>;
  /** What the last comparison found to be different. */
  drifts(name: string): Promise<readonly DriftedResource[]>;
  close(): void;
}

/** Roles are made, with names that CloudFormation gives them. */
const CAPABILITIES = ['CAPABILITY_IAM'] as const;

/** @param region nothing is asked before the first call. */
export function stacksIn(region: string): Stacks {
  const client = new CloudFormationClient(clientOptions(region));
  const call = <Result>(action: string, doing: string, work: () => Promise<Result>): Promise<Result> =>
    attempt({ doing, action: `cloudformation:${action}`, region }, work).catch((error: unknown) => {
      throw withPolicy(error);
    });
  return {
    region,
    stack: (name) =>
      orNull(async () => {
        const { Stacks: stacks = [] } = await call('DescribeStacks', `look at the stack ${name}`, () =>
          client.send(new DescribeStacksCommand({ StackName: name })),
        );
        return stacks[0] ? stackIn(stacks[0]) : null;
      }),
    template: (name) =>
      orNull(async () => {
        const { TemplateBody = '' } = await call('GetTemplate', `read the template of ${name}`, () =>
          client.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' })),
        );
        return TemplateBody;
      }),
    async resources(name) {
      const all = await allPages((NextToken) =>
        call('ListStackResources', `list what ${name} has made`, async () => {
          const page = await client.send(new ListStackResourcesCommand({ StackName: name, NextToken }));
          return { items: page.StackResourceSummaries, next: page.NextToken };
        }),
      );
      return all.map((one) => ({
        logicalId: one.LogicalResourceId!,
        type: one.ResourceType!,
        physicalId: one.PhysicalResourceId ?? '',
        status: one.ResourceStatus!,
      }));
    },
    async propose(name, set, type, { template, tags }) {
      await call('CreateChangeSet', `see what would change in the stack ${name}`, () =>
        client.send(
          new CreateChangeSetCommand({
            StackName: name,
            ChangeSetName: set,
            ChangeSetType: type,
            ...('text' in template ? { TemplateBody: template.text } : { TemplateURL: template.url }),
            Capabilities: [...CAPABILITIES],
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        ),
      );
    },
    async proposal(name, set) {
      const changes: Change[] = [];
      for (let token: string | undefined; ;) {
        const page = await call('DescribeChangeSet', `see what would change in the stack ${name}`, () =>
          client.send(
            new DescribeChangeSetCommand({
              StackName: name,
              ChangeSetName: set,
              IncludePropertyValues: true,
              NextToken: token,
            }),
          ),
        );
        if (/PENDING|IN_PROGRESS/u.test(page.Status ?? '')) return null;
        if (page.Status === 'FAILED') {
          const why = page.StatusReason ?? '';
          if (/didn't contain changes|No updates are to be performed/u.test(why))
            return { changes: [], isEmpty: true };
          throw new UserError(
            'failed',
            'change-set-failed',
            `CloudFormation cannot change ${name} in ${region}: ${why}`,
            { hint: 'mend what it says, and run the command again' },
          );
        }
        changes.push(
          ...(page.Changes ?? []).flatMap(({ ResourceChange: one }) => (one ? [changeIn(one)] : [])),
        );
        if (!page.NextToken) return { changes, isEmpty: false };
        token = page.NextToken;
      }
    },
    async withdraw(name, set) {
      await orNull(() =>
        call('DeleteChangeSet', `delete the change set ${set} of ${name}`, () =>
          client.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: set })),
        ),
      );
    },
    async execute(name, set, token) {
      await call('ExecuteChangeSet', `change the stack ${name}`, () =>
        client.send(
          new ExecuteChangeSetCommand({ StackName: name, ChangeSetName: set, ClientRequestToken: token }),
        ),
      );
    },
    async goBack(name, token) {
      await call('ContinueUpdateRollback', `take the stack ${name} back to what it was`, () =>
        client.send(new ContinueUpdateRollbackCommand({ StackName: name, ClientRequestToken: token })),
      );
    },
    async remove(name, token) {
      await call('DeleteStack', `delete the stack ${name}`, () =>
        client.send(new DeleteStackCommand({ StackName: name, ClientRequestToken: token })),
      );
    },
    async protect(name, isProtected) {
      await call('UpdateTerminationProtection', `set whether the stack ${name} may be deleted`, () =>
        client.send(
          new UpdateTerminationProtectionCommand({
            StackName: name,
            EnableTerminationProtection: isProtected,
          }),
        ),
      );
    },
    async events(id, seen) {
      const found: Happened[] = [];
      for (let token: string | undefined; ;) {
        const page = await call('DescribeStackEvents', 'see what happens to the stack', () =>
          client.send(new DescribeStackEventsCommand({ StackName: id, NextToken: token })),
        );
        const events = (page.StackEvents ?? []).map(happenedIn);
        const known = events.findIndex(seen);
        found.push(...(known === -1 ? events : events.slice(0, known)));
        if (known !== -1 || !page.NextToken) return found.toReversed();
        token = page.NextToken;
      }
    },
    async detectDrift(name) {
      const { StackDriftDetectionId } = await call('DetectStackDrift', `check ${name} for drift`, () =>
        client.send(new DetectStackDriftCommand({ StackName: name })),
      );
      return StackDriftDetectionId!;
    },
    async driftDetection(name, id) {
      const { DetectionStatus: state, DetectionStatusReason: why } = await call(
        'DescribeStackDriftDetectionStatus',
        `check ${name} for drift`,
        () => client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id })),
      );
      if (state === 'DETECTION_IN_PROGRESS') return null;
      return { problem: state === 'DETECTION_FAILED' ? (why ?? 'CloudFormation does not say why') : null };
    },
    async drifts(name) {
      const found: DriftedResource[] = [];
      for (let token: string | undefined; ;) {
        const page = await call('DescribeStackResourceDrifts', `see what has drifted of ${name}`, () =>
          client.send(
            new DescribeStackResourceDriftsCommand({
              StackName: name,
              StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
              NextToken: token,
            }),
          ),
        );
        found.push(...(page.StackResourceDrifts ?? []).map(driftedIn));
        if (!page.NextToken) return found;
        token = page.NextToken;
      }
    },
    close: () => client.destroy(),
  };
}

async function orNull<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ChangeSetNotFound' || code === 'ChangeSetNotFoundException') return null;
    // a stack that is not there has no code of its own
    if (code === 'ValidationError' && /does not exist/u.test((error as Error).message)) return null;
    throw error;
  }
}
