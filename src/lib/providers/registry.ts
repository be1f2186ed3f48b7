import type { Balancer } from '../balancer/schema/balancer.ts';
import type { Step } from '../plan/step.ts';
import type { Provider } from './provider.ts';

type Name = Balancer['provider'];

/** What commands know of a provider: its places, wishes and observations are its own business. */
export type AnyProvider = Provider<unknown, unknown, unknown, Step, Step>;

const loaders: Readonly<Record<Name, () => Promise<AnyProvider>>> = {
  ec2: async () => (await import('./ec2/provider.ts')).provider as unknown as AnyProvider,
  local: async () => (await import('./local/provider.ts')).provider as AnyProvider,
  lightsail: async () => (await import('./lightsail/provider.ts')).provider as unknown as AnyProvider,
  ssh: async () => (await import('./ssh/provider.ts')).provider as AnyProvider,
};

/** The provider of a balancer, loaded when it is needed. */
export function providerOf({ provider }: Balancer): Promise<AnyProvider> {
  return loaders[provider]();
}
