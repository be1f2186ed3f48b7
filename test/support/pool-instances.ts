import { type Account, SHOP, startAccount } from '../fake-aws/lightsail/account.ts';
import type { Instance } from '../fake-aws/lightsail/state.ts';

/** Instances behind a balancer, which run and let the world in to ports 22, 80 and 443. */
export interface PoolInstances extends Account {
  /** Variables that lead a program to them. */
  readonly env: Readonly<Record<string, string>>;
  instance(name: string): Instance;
  /** What an instance lets in: `tcp 22 0.0.0.0/0 ::/0`. */
  open(name: string): string[];
  /** Its tags but those that it was made with. */
  tags(name: string): Record<string, string>;
}

export async function startInstances(names: readonly string[]): Promise<PoolInstances> {
  const account = await startAccount();
  const { aws, lightsail, call } = account;
  await call('CreateInstances', { ...SHOP, instanceNames: names, blueprintId: 'nginx' });
  const instance = (name: string): Instance =>
    lightsail.state().instances.find((there) => there.name === name)!;
  for (const name of names) Object.assign(instance(name), { state: 'running', next: undefined });
  return {
    ...account,
    env: { ...aws.env, AWS_REGION: 'eu-west-1' },
    instance,
    open: (name) =>
      instance(name).ports.map(({ protocol, fromPort, toPort, cidrs, ipv6Cidrs, cidrListAliases }) =>
        [
          protocol,
          fromPort === toPort ? fromPort : `${fromPort}-${toPort}`,
          ...cidrs,
          ...ipv6Cidrs,
          ...cidrListAliases,
        ].join(' '),
      ),
    tags: (name) => Object.fromEntries(instance(name).tags.map(({ key, value }) => [key, value ?? ''])),
  };
}
