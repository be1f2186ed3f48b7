import { UserError } from '../../errors.ts';
import type { Step } from '../../plan/step.ts';
import { withDrained } from '../../pool/drained.ts';
import { buildRelease } from '../../release/build.ts';
import { manifestOf } from '../../render/manifest.ts';
import { render } from '../../render/render.ts';
import type { Loaded } from '../../source/load.ts';
import type { Environment, Provider } from '../provider.ts';
import { check } from './check.ts';
import { execute, removeStep } from './execute.ts';
import { firstUnprivilegedPort, localLayout } from './layout.ts';
import { withLock } from './lock.ts';
import { checkNginx, findNginx, modulesFor } from './nginx.ts';
import { localNode } from './node.ts';
import { type Observed, observe } from './observe.ts';
import { placesOf, type Places } from './places.ts';
import { checkAddresses } from './ports.ts';
import { type LocalStep, plan, planRemoval, type RemovalStep } from './plan.ts';
import { drainedServers, filesOf } from './releases.ts';
import { status } from './status.ts';
import type { Work } from './work.ts';

/** A balancer on this machine, as it should be. */
export interface Desired extends Work {
  readonly name: string;
}

/** Runs the NGINX of this machine under a private prefix beside lb.yaml. */
export const provider: Provider<Places, Desired, Observed, Step<LocalStep>, Step<RemovalStep>> = {
  name: 'local',
  locate: ({ folder, balancer }) => placesOf(folder, balancer.name),
  desire,
  observe,
  plan: ({ name }, observed) => plan(name, observed),
  check,
  planRemoval: ({ name }, observed) => planRemoval(name, observed),
  async execute(steps, { places }, io, signal) {
    for (const step of steps) if (!signal.aborted) await execute(step, places, io);
  },
  async remove(steps, places, io, signal) {
    for (const step of steps) if (!signal.aborted) await removeStep(step, places, io);
  },
  exclusively: withLock,
  async nodes(places, env) {
    if (process.platform !== 'linux')
      throw new UserError('failed', 'not-linux', 'releases come to Linux alone', {
        hint: 'lbctl generate writes the configuration anywhere',
      });
    return [localNode(places, await findNginx(env))];
  },
  bundle: (work) => ({ id: work.release.digest, files: filesOf(work), warnings: [], certificates: [] }),
  async status(places, loaded, env) {
    const drained = await drainedServers(places);
    const describe = async () => desire(places, withDrained(loaded, drained), env);
    const described = await describe().catch((error: unknown) => {
      if (error instanceof UserError) return error;
      throw error;
    });
    return status(places, loaded, described, drained);
  },
  close: async () => undefined,
};

async function desire(
  places: Places,
  { balancer, folder, drained }: Loaded,
  env: Environment,
): Promise<Desired> {
  const nginx = await findNginx(env);
  checkNginx(nginx, balancer);
  const modules = await modulesFor(nginx, balancer);
  const isRoot = process.getuid?.() === 0;
  const layout = localLayout(balancer, firstUnprivilegedPort(isRoot), isRoot);
  const release = await buildRelease(render(balancer, layout), folder);
  await checkAddresses(release.sockets);
  const manifest = manifestOf(balancer, release.sockets, drained);
  return { name: balancer.name, places, nginx, modules, release, manifest };
}
