import type { Operation } from '@aws-sdk/client-lightsail';
import { UserError } from '../../errors.ts';
import { alike } from './ports.ts';
import type { Api } from './api.ts';
import { nameTaken } from './decide.ts';
import type { LightsailStep } from './steps.ts';
import { finished, rested, running } from './wait.ts';
import type { Wanted } from './wanted.ts';
import { OWNER_TAG, READY_TAG } from './world.ts';

/** What steps need beside themselves. */
export interface Tools {
  readonly api: Api;
  readonly wanted: Wanted;
  /** What instances run at their first boot. */
  readonly userData: string;
  /** Waits until NGINX is installed on an instance, and installs it where nothing does. */
  boot(machine: string): Promise<void>;
}

type Of<Kind extends LightsailStep['kind']> = Extract<LightsailStep, { kind: Kind }>;

/**
 * How each kind of step is done. All can be done again: where a call fails though it had its effect, as when the answer
 * was lost, what there is decides.
 */
const DEEDS: { readonly [Kind in LightsailStep['kind']]: (step: Of<Kind>, tools: Tools) => Promise<void> } = {
  make: async ({ machine, zone, bundle }, { api, wanted, userData }) => {
    let begun: readonly Operation[] = [];
    await settle(
      async () =>
        void (begun = await api.create({
          instanceNames: [machine],
          availabilityZone: zone,
          blueprintId: wanted.blueprint,
          bundleId: bundle,
          userData: wanted.blueprint === 'nginx' ? undefined : userData,
          ...(wanted.keyPair === null ? {} : { keyPairName: wanted.keyPair }),
          tags: Object.entries(wanted.tags).map(([key, value]) => ({ key, value })),
          ...(wanted.snapshots === null
            ? {}
            : {
                addOns: [
                  {
                    addOnType: 'AutoSnapshot',
                    autoSnapshotAddOnRequest: { snapshotTimeOfDay: wanted.snapshots },
                  },
                ],
              }),
        })),
      async () => {
        const there = await api.machine(machine);
        if (there !== null && there.tags[OWNER_TAG] !== wanted.name)
          throw nameTaken(wanted, api.region, machine);
        return there !== null;
      },
    );
    await running(api, machine, begun);
  },

  start: async ({ machine }, { api }) => {
    const { state } = await rested(api, machine);
    if (state === 'stopped') {
      await settle(
        async () => finished(api, `start the instance ${machine}`, await api.start(machine)),
        async () => ['pending', 'running'].includes((await api.machine(machine))?.state ?? ''),
      );
    }
    await running(api, machine);
  },

  address: async ({ address, machine, from, isThere }, { api }) => {
    const holder = async (): Promise<string | null | undefined> => (await api.address(address))?.attachedTo;
    if (!isThere) {
      await settle(
        async () => finished(api, `get the address ${address}`, await api.allocate(address)),
        async () => (await holder()) !== undefined,
      );
    }
    if (from !== null) {
      await settle(
        async () => finished(api, `take the address ${address} from ${from}`, await api.detach(address)),
        async () => (await holder()) !== from,
      );
    }
    await settle(
      async () => finished(api, `give ${machine} the address ${address}`, await api.attach(address, machine)),
      async () => (await holder()) === machine,
    );
  },

  ports: async ({ machine, ports }, { api }) =>
    settle(
      async () => finished(api, `set the firewall of ${machine}`, await api.openPorts(machine, ports)),
      async () => alike((await api.machine(machine))?.ports ?? [], ports),
    ),

  tags: ({ machine, tags }, { api }) => tag(api, machine, tags),

  snapshots: async ({ machine, hour }, { api }) =>
    settle(
      async () => finished(api, `change the snapshots of ${machine}`, await api.snapshots(machine, hour)),
      async () => (await api.machine(machine))?.snapshots === hour,
    ),

  boot: async ({ machine }, { api, wanted, boot }) => {
    await running(api, machine);
    await boot(machine);
    await tag(api, machine, { [READY_TAG]: wanted.blueprint === 'nginx' ? 'bitnami' : wanted.nginx });
  },

  'release-address': async ({ address }, { api }) => {
    const there = await api.address(address);
    if (there === null) return;
    if (there.attachedTo !== null) {
      await settle(
        async () => finished(api, `take away the address ${address}`, await api.detach(address)),
        async () => ((await api.address(address))?.attachedTo ?? null) === null,
      );
    }
    await settle(
      async () => finished(api, `give back the address ${address}`, await api.release(address)),
      async () => (await api.address(address)) === null,
    );
  },

  delete: async ({ machine }, { api }) =>
    settle(
      async () => finished(api, `delete the instance ${machine}`, await api.remove(machine)),
      async () => (await api.machine(machine)) === null,
    ),
};

/** Does a step. */
export function perform(step: LightsailStep, tools: Tools): Promise<void> {
  return (DEEDS[step.kind] as (step: LightsailStep, tools: Tools) => Promise<void>)(step, tools);
}

function tag(api: Api, machine: string, tags: Readonly<Record<string, string>>): Promise<void> {
  return settle(
    async () => finished(api, `tag the instance ${machine}`, await api.tag(machine, tags)),
    async () => {
      const there = (await api.machine(machine))?.tags ?? {};
      return Object.entries(tags).every(([key, value]) => there[key] === value);
    },
  );
}

/**
 * Does something once. Where it fails and is done all the same, as when the answer to an earlier try was lost, all is
 * well; what cannot be told is what the call said.
 */
async function settle(act: () => Promise<void>, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // who may not do it has not done it
    if (!(error instanceof UserError) || error.kind === 'denied') throw error;
    const done = await isDone().catch((other: unknown) => {
      if (other instanceof UserError && other.code === 'name-taken') throw other;
      return false;
    });
    if (!done) throw error;
  }
}
