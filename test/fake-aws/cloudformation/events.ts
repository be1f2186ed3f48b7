import { randomUUID } from 'node:crypto';
import type { Resource, Stack } from './model.ts';

const STACK = 'AWS::CloudFormation::Stack';

/** An event of a resource, or of the stack itself. */
export function tell(
  stack: Stack,
  about: Pick<Resource, 'logicalId' | 'physicalId' | 'type'>,
  status: string,
  reason?: string,
): void {
  stack.events.push({
    id: randomUUID(),
    at: new Date().toISOString(),
    logicalId: about.logicalId,
    physicalId: about.physicalId,
    type: about.type,
    status,
    reason,
    token: stack.work?.token,
  });
}

/** The stack comes to another status. */
export function enter(stack: Stack, status: string, reason?: string): void {
  stack.status = status;
  stack.reason = reason;
  tell(stack, { logicalId: stack.name, physicalId: stack.id, type: STACK }, status, reason);
}
