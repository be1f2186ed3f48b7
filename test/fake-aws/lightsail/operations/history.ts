import type {
  GetOperationRequest,
  GetOperationsForResourceRequest,
  GetOperationsRequest,
} from '@aws-sdk/client-lightsail';
import type { Context } from '../../service.ts';
import { look, type Operations, reads } from '../operation.ts';
import { notFound } from '../refusal.ts';
import { page } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { Running, State } from '../state.ts';

/** Operations of a region; those of domains are asked for where domains are. */
function inRegion(state: State, { region }: Context): Running[] {
  return state.operations.filter(({ shape }) => {
    const place: string = shape.location!.regionName!;
    return place === region || (place === 'global' && region === 'us-east-1');
  });
}

/** What has been done, the newest first. */
export const history = (settings: Settings): Operations => ({
  GetOperation: reads<GetOperationRequest>((state, { operationId }, context) => {
    const running = inRegion(state, context).find(({ shape }) => shape.id === operationId);
    if (running === undefined) throw notFound(`The Operation does not exist: ${operationId}`);
    return { operation: look(running, context) };
  }),
  GetOperations: reads<GetOperationsRequest>((state, { pageToken }, context) => {
    const { items, ...next } = page(inRegion(state, context), pageToken, settings.pageSize);
    return { operations: items.map((running) => look(running, context)), ...next };
  }),
  GetOperationsForResource: reads<GetOperationsForResourceRequest>(
    (state, { resourceName, pageToken }, context) => {
      const of = inRegion(state, context).filter(({ shape }) => shape.resourceName === resourceName);
      if (of.length === 0) throw notFound(`The resource does not exist: ${resourceName}`);
      const { items, ...next } = page(of, pageToken, settings.pageSize);
      return { operations: items.map((running) => look(running, context)), ...next };
    },
  ),
});
