import { readBalancer } from '../../src/lib/balancer/read.ts';
import type { Progress } from '../../src/lib/io.ts';
import { takeSteps } from '../../src/lib/providers/lightsail/lanes.ts';
import { type Place, placeOf } from '../../src/lib/providers/lightsail/place.ts';
import { plan, planRemoval } from '../../src/lib/providers/lightsail/plan.ts';
import type { LightsailPlan, LightsailStep } from '../../src/lib/providers/lightsail/steps.ts';
import type { Loaded } from '../../src/lib/source/load.ts';

interface Keys {
  readonly regions?: readonly string[];
  /** Inside of `lightsail`. */
  readonly lightsail?: string;
  readonly listeners?: string;
  readonly more?: string;
}

/** A balancer on Lightsail as lb.yaml has it. */
export function lightsailShop(keys: Keys = {}): Loaded {
  const { regions, lightsail = '', listeners = 'http: { port: 80 }', more = '' } = keys;
  const text = `name: shop
provider: lightsail
${regions === undefined ? '' : `regions: [${regions.join(', ')}]`}
lightsail: { ssh_from: [203.0.113.7]${lightsail === '' ? '' : `, ${lightsail}`} }
listeners: { ${listeners} }
${more}
routes: [{ paths: { /: { respond: 204 } } }]
`;
  return { ...readBalancer(text, 'lb.yaml'), file: 'lb.yaml', folder: '/' };
}

/** What instances are made of for a balancer, without releases: machines behind them take none here. */
export interface Life {
  plan(): Promise<LightsailPlan>;
  up(): Promise<LightsailPlan>;
  down(): Promise<LightsailPlan>;
  readonly told: Progress[];
}

/** @param signal none of the steps is begun once it is aborted. */
export function lifeOf(loaded: Loaded, signal = new AbortController().signal): Life {
  const told: Progress[] = [];
  const io = { notify: (progress: Progress) => void told.push(progress), confirm: async () => true };

  /** Each as a run of its own, which knows nothing of others. */
  async function run(work: (place: Place) => Promise<LightsailPlan>): Promise<LightsailPlan> {
    const place = placeOf(loaded);
    try {
      return await work(place);
    } finally {
      await place.close();
    }
  }

  async function take(steps: readonly LightsailStep[], place: Place): Promise<void> {
    const wanted = await place.wanted();
    const boot = async (): Promise<void> => undefined;
    await takeSteps(
      steps,
      ({ region }) => ({ api: place.apiIn(region), wanted, userData: '#!/bin/sh', boot }),
      io,
      signal,
    );
    await place.changed(steps.filter(({ kind }) => kind === 'boot').map(({ machine }) => machine));
  }

  const planned = async (place: Place): Promise<LightsailPlan> =>
    plan(await place.wanted(), await place.worlds(true));

  return {
    told,
    plan: () => run(planned),
    up: () =>
      run(async (place) => {
        const found = await planned(place);
        await take(found.steps, place);
        if (found.steps.length > 0) await place.worlds();
        for (const step of found.after ?? []) await take([step], place);
        return found;
      }),
    down: () =>
      run(async (place) => {
        const found = planRemoval(place.name, await place.worlds());
        await take(found.steps, place);
        return found;
      }),
  };
}
