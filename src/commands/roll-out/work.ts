import type { Lists } from '../../lib/aws/lightsail/lists.ts';
import type { UserError } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import type { Step } from '../../lib/plan/step.ts';
import type { AnyProvider } from '../../lib/providers/registry.ts';
import type { Node } from '../../lib/release/node/place.ts';
import type { rollOut } from '../../lib/release/rollout/roll-out.ts';
import type { Surveyed } from '../../lib/release/rollout/survey.ts';
import type { Wanted } from '../../lib/release/rollout/target.ts';
import type { Loaded } from '../../lib/source/load.ts';

/** A command that changes what nodes serve: what it calls that, and how it chooses. */
export interface Work {
  readonly action: 'up' | 'deploy' | 'rollback' | 'drain' | 'undrain' | 'add' | 'remove';
  /** lb.yaml, where it has been read already. */
  readonly loaded?: Loaded;
  /** Of instances, where some were asked for already. */
  readonly lists?: Lists;
  /** Whether it brings what lb.yaml describes, servers that are found included. */
  readonly brings?: true;
  /** @param surveyed nodes that can be asked. */
  choose(world: World, surveyed: readonly Surveyed[]): Promise<Choice>;
}

/** What can be asked when nodes are to be chosen for. */
export interface World {
  readonly provider: AnyProvider;
  readonly place: unknown;
  readonly loaded: Loaded;
  /** Instances, as far as they were listed; the place has them forgotten where it changes some. */
  readonly lists: Lists;
}

/** What is to be done, once it is known what nodes serve. */
export interface Choice {
  /** The release of each node that was asked, in their order. */
  readonly releases: readonly Release[];
  readonly question: string;
  /** What comes before the releases. */
  readonly ahead?: Ahead;
  /** What comes once all nodes serve them. */
  readonly after?: Part;
  /** What comes last. */
  readonly behind?: Behind;
  /** Why, where `--message` does not say it. */
  readonly message?: string;
  /** Why it is not done, though it can be shown. */
  readonly refusal?: UserError | undefined;
  /** What comes above the plan. */
  readonly head?: string | undefined;
  /** What is not as it might be, below the plan. */
  readonly remarks?: readonly string[] | undefined;
  /** What else is to be known, below them. */
  readonly notes?: string | undefined;
  /** The command that goes on where this is interrupted. */
  readonly again?: string | undefined;
  /** The command that takes back what was done by then; a rollback where all nodes served the same, when left out. */
  readonly back?: string | undefined;
  /** What is to be known once it is done. */
  readonly ending?: string | undefined;
  /** Does it within something, which is done even where no node has anything to do. */
  around?(work: () => Promise<RolledOut>, io: Io): Promise<RolledOut>;
  /** What is waited for at the end, when others may work on the balancer again; gives further keys of the document. */
  finish?(nodes: readonly Node[], document: Document): Promise<Document>;
}

/** What a node is to serve. */
export interface Release extends Omit<Wanted, 'activation'> {
  /** Words of the servers that get no new connections from then on. */
  readonly drained: readonly string[];
}

/** Steps that are not of nodes. */
export interface Part {
  readonly steps: readonly Step[];
  /**
   * Takes them.
   * @param signal none is begun once it is aborted.
   */
  take(io: Io, signal: AbortSignal): Promise<void>;
}

/** What nodes are to do when they serve their release, and go on with where nobody waits for it. */
export interface Behind {
  readonly steps: readonly Step[];
  take(io: Io): Promise<void>;
}

/** What a provider does before releases come. */
interface Ahead extends Part {
  /** Throws where what is planned cannot be done. */
  check(): Promise<void>;
}

/** How a roll-out has ended. */
export type RolledOut = Awaited<ReturnType<typeof rollOut>>;

/** What is printed under `--json`. */
export type Document = Readonly<Record<string, unknown>>;
