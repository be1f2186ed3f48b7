import {
  about,
  count,
  flag,
  list,
  map,
  number,
  object,
  orNull,
  type Schema,
  text,
  word,
} from './notation.ts';
import { balancer } from './parts.ts';

const effective = word('serving', 'drained', 'down', 'absent', 'mixed');

const server = object({
  address: text,
  configured: about('as in lb.yaml; null for a server that it does not have', orNull(map({}))),
  effective,
  found: about('which one discovery found, and where', orNull(object({ name: text, source: text }))),
  state: word('up', 'down', 'not probed'),
  detail: about('answer or error, in a few words', text),
  milliseconds: orNull(number),
  connections: about('on all nodes together; null where they cannot be counted', orNull(count)),
  nodes: list(object({ node: text, effective, connections: orNull(count) })),
  failures: about('errors of the last quarter of an hour', count),
  lastFailure: orNull(text),
});

export const poolList: Readonly<Record<string, Schema>> = {
  ...balancer,
  upstreams: list(
    object({
      name: text,
      discovers: about('whether its servers are found, and not named', flag),
      servers: list(server),
    }),
  ),
};
