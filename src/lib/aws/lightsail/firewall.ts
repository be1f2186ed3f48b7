import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetInstancePortStatesCommand,
  GetOperationCommand,
  LightsailClient,
  type Operation,
  PutInstancePublicPortsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lightsail';
import { UserError } from '../../errors.ts';
import { clientOptions } from '../client.ts';
import { attempt } from '../failure.ts';
import { portInfoOf, type PortRule, rulesIn } from './port-rules.ts';

/** The firewalls of the instances of a Region, and what is remembered at them. */
export interface Firewalls {
  rules(instance: string): Promise<PortRule[]>;
  /** Lets in what is named, and nothing else. */
  put(instance: string, rules: readonly PortRule[]): Promise<void>;
  tag(instance: string, key: string, value: string): Promise<void>;
  untag(instance: string, key: string): Promise<void>;
  close(): void;
}

/** Milliseconds between two looks at what takes time, and looks at most: half a minute. */
const PAUSE = 500;
const LOOKS = 60;

/** All changes are done when they return. */
export function firewallsIn(region: string): Firewalls {
  const client = new LightsailClient(clientOptions(region));
  const call = <Result>(action: string, doing: string, work: () => Promise<Result>): Promise<Result> =>
    attempt({ doing, action: `lightsail:${action}`, region }, work);

  async function done(doing: string, operations: readonly (Operation | undefined)[] = []): Promise<void> {
    for (const begun of operations) {
      let operation = begun;
      for (let look = 0; operation?.id && !isOver(operation); look++) {
        if (look === LOOKS) throw stuck(doing, region, operation);
        await sleep(PAUSE);
        const { id: operationId } = operation;
        const answer = await call('GetOperation', `ask what came of it to ${doing}`, () =>
          client.send(new GetOperationCommand({ operationId })),
        );
        operation = answer.operation;
      }
      if (operation?.status === 'Failed') throw failed(doing, region, operation);
    }
  }

  return {
    async rules(instanceName) {
      const { portStates = [] } = await call(
        'GetInstancePortStates',
        `read the firewall of ${instanceName}`,
        () => client.send(new GetInstancePortStatesCommand({ instanceName })),
      );
      return rulesIn(portStates);
    },
    async put(instanceName, rules) {
      const doing = `change the firewall of ${instanceName}`;
      const portInfos = rules.map(portInfoOf);
      const { operation } = await call('PutInstancePublicPorts', doing, () =>
        client.send(new PutInstancePublicPortsCommand({ instanceName, portInfos })),
      );
      await done(doing, [operation]);
    },
    async tag(resourceName, key, value) {
      const doing = `write the tag ${key} of ${resourceName}`;
      const { operations } = await call('TagResource', doing, () =>
        client.send(new TagResourceCommand({ resourceName, tags: [{ key, value }] })),
      );
      await done(doing, operations);
    },
    async untag(resourceName, key) {
      const doing = `remove the tag ${key} of ${resourceName}`;
      const { operations } = await call('UntagResource', doing, () =>
        client.send(new UntagResourceCommand({ resourceName, tagKeys: [key] })),
      );
      await done(doing, operations);
    },
    close: () => client.destroy(),
  };
}

function isOver({ isTerminal, status }: Operation): boolean {
  return isTerminal === true || status === 'Succeeded' || status === 'Completed' || status === 'Failed';
}

function failed(doing: string, region: string, { id, errorCode, errorDetails }: Operation): UserError {
  const reason = (errorDetails ?? 'Lightsail gives no reason').replace(/\.$/u, '');
  const what = `cannot ${doing} in ${region}: ${reason} (${errorCode ?? 'Failed'}, operation ${id})`;
  return new UserError('failed', 'operation-failed', what, { hint: 'run the command again' });
}

function stuck(doing: string, region: string, { id, status }: Operation): UserError {
  const what = `cannot ${doing} in ${region}: it is still ${status ?? 'going on'} (operation ${id})`;
  return new UserError('failed', 'too-slow', what, { hint: 'run the command again in a minute' });
}
