import { balancerSchema } from './schema/balancer.ts';

/** JSON Schema (draft 2020-12) of lb.yaml as people write it: short forms allowed, defaults optional. */
export function jsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'lb.yaml',
    ...balancerSchema.json(),
  };
}
