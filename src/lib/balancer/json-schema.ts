import * as z from 'zod';
import { balancerSchema } from './schema/balancer.ts';

/** JSON Schema (draft 2020-12) of lb.yaml as people write it: short forms allowed, defaults optional. */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(balancerSchema, { io: 'input', target: 'draft-2020-12', reused: 'ref' });
  return { title: 'lb.yaml', ...schema };
}
