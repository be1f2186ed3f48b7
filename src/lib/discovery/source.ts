import type { Lists } from '../aws/lightsail/lists.ts';
import type { FoundServer } from '../balancer/found.ts';

/** An upstream that asks for servers. */
export interface Question<Query> {
  readonly upstream: string;
  /** What stands under the key of the source in lb.yaml. */
  readonly query: Query;
  readonly port: number;
  /** Region that is meant where none is named; undefined for that of the environment. */
  readonly home: string | undefined;
  /** The balancer that asks: its own machines are no servers of it. */
  readonly balancer: string;
}

/** What was found for an upstream. */
export interface Answer {
  /** In an order that is the same each time. */
  readonly servers: readonly FoundServer[];
  /** What might have been among them and is not, in words. */
  readonly remarks: readonly string[];
  /** What there is none of, and what may help, where there are no servers. */
  readonly none?: { readonly message: string; readonly hint: string };
}

/** Where servers can be found. */
export interface DiscoverySource<Query> {
  /**
   * Finds the servers of all upstreams that ask, in as few calls as that takes; an answer a question, in their order.
   * @param lists of instances that others look at in the same run.
   * @throws UserError where it cannot be asked.
   */
  find(questions: readonly Question<Query>[], lists: Lists): Promise<readonly Answer[]>;
}
