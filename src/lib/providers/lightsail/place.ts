import { newLists } from '../../aws/lightsail/lists.ts';
import type { Loaded } from '../../source/load.ts';
import { askAll, type Host, hostAt, type Known, userIn } from '../ssh/hosts.ts';
import { type Keys, newKeys } from './access.ts';
import { type Api, lightsailIn } from './api.ts';
import { decide, isReady } from './decide.ts';
import { comingMachine } from './expected.ts';
import { observeAll } from './observe.ts';
import { regionsOf } from '../regions.ts';
import { until } from './wait.ts';
import { type Wanted, wantedOf } from './wanted.ts';
import { isLeaving, type Machine, type RegionWorld } from './world.ts';

/** Milliseconds until lists of Lightsail tell what was made. */
const LISTED = 60_000;

/** A balancer on Lightsail, with what has been asked of it. */
export interface Place {
  readonly name: string;
  readonly loaded: Loaded;
  readonly keys: Keys;
  apiIn(region: string): Api;
  wanted(): Promise<Wanted>;
  /**
   * What there is, asked once.
   * @param catalogue with what could be had, where something is to be made.
   */
  worlds(catalogue?: boolean): Promise<RegionWorld[]>;
  hostOf(machine: Machine): Host;
  /** The machines that releases were brought to last, or would be. */
  known(): Promise<readonly Known[]>;
  /** Chooses them; see `Provider.nodes`. */
  choose(coming: boolean): Promise<readonly Known[]>;
  /** Asks anew from now on, until what was made is told of. */
  changed(made: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** @param lists of instances that others look at in the same run. */
export function placeOf(loaded: Loaded, lists = newLists()): Place {
  const { balancer } = loaded;
  const keys = newKeys();
  const apis = new Map<string, Api>();
  const hosts = new Map<string, Host>();
  const expected = new Set<string>();
  let wanting: Promise<Wanted> | undefined;
  let seen: Promise<RegionWorld[]> | undefined;
  let chosen: Promise<readonly Known[]> | undefined;

  function apiIn(region: string): Api {
    const api = apis.get(region) ?? lightsailIn(region, lists);
    apis.set(region, api);
    return api;
  }

  function wanted(): Promise<Wanted> {
    wanting ??= regionsOf(balancer).then((regions) => wantedOf(balancer, regions));
    return wanting;
  }

  function worlds(catalogue = false): Promise<RegionWorld[]> {
    seen ??= look(catalogue);
    return seen;
  }

  async function look(catalogue: boolean): Promise<RegionWorld[]> {
    const wants = await wanted();
    return until(
      async () => {
        // prices are for the plan that people see
        const all = await observeAll(wants, apiIn, { catalogue, prices: catalogue && expected.size === 0 });
        const there = all.flatMap(({ machines }) => machines).filter(isAskable);
        const missing = [...expected].some((name) => !there.some((machine) => machine.name === name));
        if (!missing) return all;
        lists.forget();
        return null;
      },
      {
        what: 'Lightsail does not tell of the instances that were made',
        limit: LISTED,
        hint: 'run the command again, which goes on from here',
      },
    );
  }

  function hostOf(machine: Machine): Host {
    const key = `${machine.region}/${machine.name}`;
    const host =
      hosts.get(key) ??
      hostAt(
        keys.transportTo(apiIn(machine.region), machine.name),
        userIn(loaded),
        [machine.privateAddress, machine.address].filter((address) => address !== null),
      );
    hosts.set(key, host);
    return host;
  }

  function choose(coming: boolean): Promise<readonly Known[]> {
    chosen = pick(coming);
    return chosen;
  }

  async function pick(coming: boolean): Promise<readonly Known[]> {
    const all = await worlds(coming);
    const wants = await wanted();
    if (!coming) {
      const machines = all.flatMap((world) => world.machines.filter(isAskable));
      return askAll(machines.map(hostOf));
    }
    const decisions = all.map((world) => decide(wants, world));
    const staying = decisions.flatMap(({ keep }) => keep);
    const there = new Map(
      (await askAll(staying.filter(isAskable).map(hostOf))).map((known) => [known.name, known]),
    );
    const names = decisions.flatMap(({ keep, make }) => [...keep, ...make].map(({ name }) => name));
    return names.map((name) => there.get(name) ?? comingMachine(name, balancer));
  }

  async function letGo(): Promise<void> {
    await Promise.all([...hosts.values()].map(({ transport }) => transport.close()));
    hosts.clear();
  }

  return {
    name: balancer.name,
    loaded,
    keys,
    apiIn,
    wanted,
    worlds,
    hostOf,
    known: () => chosen ?? choose(false),
    choose,
    async changed(made) {
      for (const name of made) expected.add(name);
      // addresses may have moved
      await letGo();
      [seen, chosen] = [undefined, undefined];
      lists.forget();
    },
    async close() {
      await letGo();
      await keys.clear();
      for (const api of apis.values()) api.close();
    },
  };
}

/** Whether somebody can log in and find NGINX. */
export function isAskable(machine: Machine): boolean {
  return isReady(machine) && machine.state === 'running' && !isLeaving(machine);
}
