import {
  about,
  count,
  flag,
  list,
  number,
  object,
  orNull,
  type Schema,
  text,
  time,
  word,
} from './notation.ts';
import { balancer } from './parts.ts';

const server = object({
  address: text,
  state: word('up', 'down', 'not probed'),
  detail: about('answer or error, in a few words', text),
  milliseconds: orNull(number),
  drained: flag,
  served: about('whether what serves now has it', flag),
  described: about('whether lb.yaml has it', flag),
});

const machine = object({
  zone: text,
  size: text,
  address: orNull(text),
  privateAddress: orNull(text),
  monthly: about('in US dollars', orNull(number)),
});

const drifted = object({
  logicalId: text,
  type: text,
  physicalId: text,
  deleted: flag,
  properties: list(
    object({
      path: about('as a JSON pointer', text),
      expected: about('as the template has it', orNull(text)),
      actual: about('as it is', orNull(text)),
    }),
  ),
});

export const status: Readonly<Record<string, Schema>> = {
  ...balancer,
  running: about('whether NGINX runs, on all machines', flag),
  pid: orNull(count),
  workers: list(object({ pid: count, since: orNull(time), leaving: flag })),
  nginx: about('its version', orNull(text)),
  serving: about('the release that answers', orNull(text)),
  described: about('the release that lb.yaml describes', orNull(text)),
  sockets: list(
    object({ listener: text, transport: text, address: text, port: count, configuredPort: count }),
  ),
  connections: orNull(object({ active: count, accepted: count, handled: count, requests: count })),
  upstreams: list(object({ name: text, servers: list(server) })),
  nodes: about(
    'the machines, where they are others than this one',
    list(
      object({
        node: text,
        pid: orNull(count),
        nginx: orNull(text),
        release: orNull(text),
        problem: about('why it cannot be asked or used', orNull(text)),
        'machine?': machine,
      }),
    ),
  ),
  'reached?': about(
    'where clients reach the load balancers on EC2',
    list(object({ region: text, addresses: about('Elastic IPs', list(text)), name: text })),
  ),
  'targets?': about(
    'what the load balancers on EC2 say of nodes',
    list(
      object({
        region: text,
        group: about('logical ID of the target group', text),
        port: about('of the load balancer', count),
        node: about('ID of the instance', text),
        state: about('as AWS has it: healthy, unhealthy, initial, draining, unused, unavailable', text),
        reason: about('code of AWS', orNull(text)),
        meaning: orNull(text),
      }),
    ),
  ),
  certificates: about(
    'that nodes get for themselves',
    list(object({ name: text, node: text, hosts: list(text), issuer: orNull(text), until: time })),
  ),
  'drift?': about(
    'what somebody has changed by hand; with --drift',
    list(
      object({
        region: text,
        stack: text,
        problem: about('why not all could be checked', orNull(text)),
        resources: list(drifted),
      }),
    ),
  ),
  errors: about('latest lines of the error log, one of each kind', list(text)),
  remarks: about('what is not as it should be', list(text)),
};
