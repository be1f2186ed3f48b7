import { expect, test } from 'vitest';
import { renderPool } from '../../../src/lib/ui/pool.ts';
import { plainStyle } from '../../../src/lib/ui/style.ts';

const server = {
  address: '10.0.1.10:8080',
  configured: { weight: 1 },
  effective: 'serving',
  state: 'up',
  detail: 'takes connections',
  milliseconds: 3,
  found: null,
  connections: 2,
  nodes: [],
  failures: 0,
  lastFailure: null,
} as const;
const DOWN = {
  ...server,
  address: '10.0.1.11:8080',
  state: 'down',
  detail: 'refuses connections',
  milliseconds: null,
  failures: 12,
  lastFailure: 'connect() failed (111: Connection refused)',
} as const;
const upstreams = [{ name: 'web', discovers: false, servers: [server, DOWN] }];

test('servers are a table, and what is wrong with them stands below where that is too wide', () => {
  expect(renderPool(upstreams, plainStyle)).toMatchInlineSnapshot(`
    "  address         configured  effective  state                        connections  failures
    upstream web
      10.0.1.10:8080  weight 1    serving    up: takes connections, 3 ms  2            0
      10.0.1.11:8080  weight 1    serving    down: refuses connections    2            12
          connect() failed (111: Connection refused)"
  `);
  expect(renderPool(upstreams, plainStyle, 80)).toMatchInlineSnapshot(`
    "  address         configured  effective  state  connections  failures
    upstream web
      10.0.1.10:8080  weight 1    serving    up     2            0
      10.0.1.11:8080  weight 1    serving    down   2            12
          refuses connections
          connect() failed (111: Connection refused)"
  `);
});

test('on a narrow terminal all that is known of a server stands below it', () => {
  expect(renderPool(upstreams, plainStyle, 40)).toMatchInlineSnapshot(`
    "upstream web
      10.0.1.10:8080
        configured   weight 1
        effective    serving
        state        up: takes connections, 3 ms
        connections  2
        failures     0
      10.0.1.11:8080
        configured   weight 1
        effective    serving
        state        down: refuses connections
        connections  2
        failures     12
          connect() failed (111: Connection refused)"
  `);
});
