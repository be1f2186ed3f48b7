import { json } from '../protocols/json.ts';
import { defineService, type Operation, type Service } from '../service.ts';
import { BLUEPRINTS, REGIONS } from './catalog.ts';
import { checkInput, checkOutput } from './model.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import type { Wait } from './later.ts';
import type { Operations } from './operation.ts';
import { access } from './operations/access.ts';
import { addOns } from './operations/add-ons.ts';
import { catalog } from './operations/catalog.ts';
import { domains } from './operations/domains.ts';
import { history } from './operations/history.ts';
import { instances } from './operations/instances.ts';
import { metrics } from './operations/metrics.ts';
import { ports } from './operations/ports.ts';
import { power } from './operations/power.ts';
import { snapshots } from './operations/snapshots.ts';
import { staticIps } from './operations/static-ips.ts';
import { tags } from './operations/tags.ts';
import { paper } from './paper.ts';
import { QUOTAS } from './resources.ts';
import type { Machines, Settings } from './settings.ts';
import type { State } from './state.ts';

export interface FakeLightsail extends Service {
  /** As it is now, to look at and to prepare; another object after every change. */
  state(): State;
  /** May be changed at any time. */
  readonly settings: Settings;
  inventory(): Inventory;
  /** Lets the next operation of a type, such as `AttachStaticIp`, be taken and come to nothing. */
  failOperation(type: string, errorDetails: string, errorCode?: string): void;
}

interface LightsailOptions {
  readonly waits?: Partial<Settings['waits']>;
  readonly machines?: Machines;
}

/** How long things take unless a test says otherwise: they are there when one asks for the second time. */
const WAITS: Record<keyof Settings['waits'], Wait> = {
  start: 1,
  stop: 1,
  operation: 1,
  snapshot: 1,
  hostKeys: 0,
};

const GROUPS = [
  catalog,
  instances,
  power,
  staticIps,
  ports,
  access,
  tags,
  addOns,
  snapshots,
  history,
  domains,
  metrics,
];

/** A Lightsail with nothing in it. */
export function fakeLightsail({ waits = {}, machines = paper() }: LightsailOptions = {}): FakeLightsail {
  const settings: Settings = {
    waits: { ...WAITS, ...waits },
    quotas: { instances: QUOTAS.instances, staticIps: QUOTAS.staticIps },
    pageSize: 25,
    failures: [],
    machines,
    sample: () => 1,
  };
  const operations: Operations = Object.assign({}, ...GROUPS.map((group) => group(settings)));
  const service = defineService<State>({
    name: 'lightsail',
    protocol: json('Lightsail_20161128'),
    regions: REGIONS,
    state: {
      instances: [],
      staticIps: [],
      snapshots: [],
      domains: [],
      operations: [],
      blueprints: [...BLUEPRINTS],
      peered: [],
      others: [],
      made: 0,
    },
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, checked(name, operation)]),
    ),
    inventory: takeInventory,
  });
  return {
    ...service,
    settings,
    settled: () => machines.follow(service.state()),
    inventory: () => takeInventory(service.state()),
    failOperation: (type, errorDetails, errorCode = 'InternalError') =>
      void settings.failures.push({ type, errorCode, errorDetails }),
  };
}

function checked(name: string, operation: Operation<State>): Operation<State> {
  return {
    mutates: operation.mutates,
    run(state, input, context) {
      checkInput(name, input);
      const output = operation.run(state, withoutNulls(input) as never, context);
      checkOutput(name, output);
      return output;
    },
  };
}

/** In JSON, null stands for what is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const there = Object.entries(value).filter(([, inside]) => inside !== null);
  return Object.fromEntries(there.map(([name, inside]) => [name, withoutNulls(inside)]));
}
