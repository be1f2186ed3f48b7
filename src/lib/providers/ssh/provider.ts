import { UserError } from '../../errors.ts';
import { withDrained } from '../../pool/drained.ts';
import type { Loaded } from '../../source/load.ts';
import type { Provider } from '../provider.ts';
import { bundleOf, type Desired, desiredOn } from './desired.ts';
import { askAll, type Host, hostsOf } from './hosts.ts';
import { ROOT } from './places.ts';
import { status } from './status.ts';

interface Place {
  readonly name: string;
  readonly hosts: readonly Host[];
}

/** Machines that are there already and run NGINX from packages: releases are all that comes to them. */
export const provider: Provider<Place, Desired, null, never, never> = {
  name: 'ssh',
  locate: (loaded) => ({ name: loaded.balancer.name, hosts: hostsOf(loaded) }),
  desire,
  observe: async () => null,
  plan: ({ name }) => ({ balancer: name, provider: 'ssh', steps: [] }),
  check: async () => undefined,
  planRemoval({ name }) {
    throw new UserError(
      'usage',
      'not-removed',
      `${name} is on machines that lbctl has not made, and stays there`,
      {
        hint: `what was there before comes back on a node with: sudo cp --remove-destination ${ROOT}/before/nginx.conf /etc/nginx/ && sudo nginx -s reload`,
      },
    );
  },
  execute: async () => undefined,
  remove: async () => undefined,
  // every node sees to it that one is at work at a time
  exclusively: (_, __, work) => work(),
  nodes: async ({ hosts }) => (await askAll(hosts)).map(({ node }) => node),
  bundle: bundleOf,
  status: ({ hosts, name }, loaded) =>
    status(hosts, loaded, async (drained) => {
      try {
        return (await desire({ hosts, name }, withDrained(loaded, drained))).release.digest;
      } catch (error) {
        if (error instanceof UserError) return error;
        throw error;
      }
    }),
  close: async ({ hosts }) => void (await Promise.all(hosts.map(({ transport }) => transport.close()))),
};

async function desire({ name, hosts }: Place, loaded: Loaded): Promise<Desired> {
  return desiredOn(name, loaded, await askAll(hosts));
}
