import type { Instance } from '@aws-sdk/client-lightsail';

/**
 * Lists of instances for those who look at the same Region in one run, before anything is changed: where servers are
 * found, a balancer is looked at, and firewalls are. Whoever changes something, or waits for a change, has them forgotten.
 */
export interface Lists {
  /**
   * All instances of a Region, asked for once: where AWS does not tell, it has been asked several times already.
   * @throws UserError where AWS does not tell.
   */
  of(region: string): Promise<readonly Instance[]>;
  /** What is asked for from now on is new. */
  forget(): void;
}

/** Nothing of AWS is loaded before the first is asked for. */
export function newLists(): Lists {
  const lists = new Map<string, Promise<readonly Instance[]>>();

  async function ask(region: string): Promise<readonly Instance[]> {
    const { instancesNow } = await import('./all-instances.ts');
    return instancesNow(region);
  }

  return {
    of(region) {
      const list = lists.get(region) ?? ask(region);
      lists.set(region, list);
      return list;
    },
    forget: () => lists.clear(),
  };
}
