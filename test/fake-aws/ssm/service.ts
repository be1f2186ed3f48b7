import { json } from '../protocols/json.ts';
import { type Context, defineService, type Operation } from '../service.ts';
import type { Managed } from './agent.ts';
import { sending } from './commands.ts';
import { looking } from './invocations.ts';
import { constraint } from './refusals.ts';
import type { State, World } from './state.ts';

/** Systems Manager as far as Run Command goes: instances really run what they are sent. */
export function fakeSsm() {
  const world: World = { managed: new Map(), running: new Map() };
  const { managed } = world;
  const online = (region: string): Managed[] => [...managed.values()].filter((one) => one.region === region);

  const describe: Operation<State> = {
    mutates: false,
    run(_, { MaxResults = 50, NextToken }: { MaxResults?: number; NextToken?: string }, { region }: Context) {
      if (!Number.isInteger(MaxResults) || MaxResults < 5 || MaxResults > 50)
        throw constraint(MaxResults, 'maxResults', 'have value greater than or equal to 5');
      const all = online(region);
      const from = Number(NextToken ?? 0);
      const to = from + MaxResults;
      return {
        InstanceInformationList: all
          .slice(from, to)
          .map(({ id, ping = 'Online' }) => ({ InstanceId: id, PingStatus: ping })),
        ...(to < all.length ? { NextToken: String(to) } : {}),
      };
    },
  };

  const service = defineService<State>({
    name: 'ssm',
    protocol: json('AmazonSSM'),
    state: { commands: [] },
    operations: { ...sending(world), ...looking(world), DescribeInstanceInformation: describe },
    inventory: ({ commands }) => commands.map(({ id, invocations }) => ({ id, invocations })),
  });
  return {
    ...service,
    /** Has the agent of an instance register. */
    register: (instance: Managed) => void managed.set(instance.id, instance),
    forget: (id: string) => void managed.delete(id),
    /** What was sent, and to whom. */
    commands: () => service.state().commands,
  };
}
