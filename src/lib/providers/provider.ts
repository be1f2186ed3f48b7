import type { DriftedResource } from '../aws/cloudformation/model.ts';
import type { Lists } from '../aws/lightsail/lists.ts';
import type { CertificateStatus } from '../certificates/status.ts';
import type { Wanted } from '../certificates/wanted.ts';
import type { Io } from '../io.ts';
import type { Plan, Step } from '../plan/step.ts';
import type { ReleaseFile } from '../release/build.ts';
import type { Node } from '../release/node/place.ts';
import type { Former } from '../release/store/store.ts';
import type { ReachedAt } from './reached.ts';
import type { Loaded } from '../source/load.ts';

/** Who wants to work on a balancer, for whoever comes meanwhile. */
export interface Claim {
  /** As `user@host`. */
  readonly who: string;
  readonly why: string;
  /** Seconds to wait for somebody else; where nobody could be asked to wait, it is left out. */
  readonly wait?: number | undefined;
  /** Told of whom is waited for. */
  readonly notify?: ((text: string) => void) | undefined;
  /** Nobody is waited for once it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A home for balancers: machines that serve, to which releases come. `plan` prints its own steps, `up` takes them. */
export interface Provider<Place, Desired, Observed, Doing extends Step, Removing extends Step> {
  readonly name: string;
  /**
   * Where a balancer lives here, told by its name alone.
   * @param lists of instances of Lightsail that others look at in the same run.
   */
  locate(loaded: Loaded, lists?: Lists): Place;
  /** What it should be; throws where this home cannot give it, before anything is changed. */
  desire(place: Place, loaded: Loaded, env: Environment): Promise<Desired>;
  /** What there is; changes nothing. */
  observe(place: Place): Promise<Observed>;
  /** Steps that it takes before a release comes; none where it can come at once. Decides alone and touches nothing. */
  plan(desired: Desired, observed: Observed): Plan<Doing>;
  /** Makes sure that `up` can do what it is about to do, as far as that can be told here; throws where it cannot. */
  check(desired: Desired, observed: Observed): Promise<void>;
  /** Steps that leave nothing of it. */
  planRemoval(place: Place, observed: Observed): Plan<Removing>;
  /**
   * Takes steps; each can be taken again after it was cut short.
   * @param signal none is begun once it is aborted.
   */
  execute(steps: readonly Doing[], desired: Desired, io: Io, signal: AbortSignal): Promise<void>;
  /** @param signal none is begun once it is aborted. */
  remove(steps: readonly Removing[], place: Place, io: Io, signal: AbortSignal): Promise<void>;
  /** Runs `work` while nobody else changes the same balancer. */
  exclusively<Result>(place: Place, claim: Claim, work: () => Promise<Result>): Promise<Result>;
  /**
   * The machines that serve, as releases reach them.
   * @param coming with those that `up` makes, and without those that it takes away.
   */
  nodes(place: Place, env: Environment, coming?: boolean): Promise<readonly Node[]>;
  /** What a release brings to them. */
  bundle(desired: Desired): Bundle;
  /**
   * What has machines that come by themselves, as those of an Auto Scaling group do, serve a release; left out where none
   * come so. Asked before a roll-out, and taken once all machines that are there serve it.
   */
  newcomers?(
    place: Place,
    release: Pick<Bundle, 'id' | 'files'> & { readonly drained?: readonly string[] },
  ): Promise<Newcomers>;
  /** Releases that served before, the latest first, where they are kept beside those on machines. */
  former?(place: Place): Promise<readonly Former[]>;
  /** Where clients reach it, by Region; left out where Regions are nothing to it. */
  addresses?(place: Place): Promise<Readonly<Record<string, readonly string[]>>>;
  /** What runs, and how well. */
  status(place: Place, loaded: Loaded, env: Environment): Promise<Status>;
  /** What somebody has changed by hand of what `up` made; left out where that cannot be told. */
  drift?(place: Place): Promise<readonly StackDrift[]>;
  /** Has a machine that is there already belong to a balancer; left out where none are made. */
  adopt?(place: Place, machine: string): Promise<Adoption>;
  /** What whoever runs `up` must be allowed, as a policy of IAM; left out where no cloud is asked. */
  policy?(place: Place): Promise<{ readonly Statement: readonly object[] }>;
  /** Lets go of what leads to the machines. */
  close(place: Place): Promise<void>;
}

/** What it takes until machines that come by themselves serve a release; no steps where they would already. */
export interface Newcomers {
  readonly steps: readonly Step[];
  /** Throws where somebody else has led them elsewhere since. */
  take(io: Io): Promise<void>;
}

/** How a machine that somebody has built comes to a balancer. */
export interface Adoption {
  readonly plan: Plan;
  /** What `up` would change then. */
  readonly afterwards: Plan;
  take(io: Io): Promise<void>;
}

/** A release as it lies on nodes. */
export interface Bundle {
  readonly id: string;
  readonly files: readonly ReleaseFile[];
  /** What is not as it should be where it goes, in words; it may go there all the same. */
  readonly warnings: readonly string[];
  /** What the nodes are to get from authorities once it serves. */
  readonly certificates: readonly Wanted[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `lbctl status` tells; the keys of its JSON form. */
export interface Status {
  /** Whether NGINX runs, on all machines where there are several. */
  readonly running: boolean;
  /** Process of the master; null where none runs. */
  readonly pid: number | null;
  readonly workers: readonly {
    readonly pid: number;
    readonly since: Date | null;
    readonly leaving: boolean;
  }[];
  /** Version of the NGINX on this node; null where there is none. */
  readonly nginx: string | null;
  /** Release that answers requests. */
  readonly serving: string | null;
  /** Release that lb.yaml describes now; null where it cannot be told. */
  readonly described: string | null;
  readonly sockets: readonly {
    readonly listener: string;
    readonly transport: string;
    readonly address: string;
    readonly port: number;
    readonly configuredPort: number;
  }[];
  /** Counters of stub_status; null where NGINX does not answer. */
  readonly connections: {
    readonly active: number;
    readonly accepted: number;
    readonly handled: number;
    readonly requests: number;
  } | null;
  readonly upstreams: readonly { readonly name: string; readonly servers: readonly ServerState[] }[];
  /** The machines, where they are others than this one. */
  readonly nodes: readonly NodeStatus[];
  /** Where clients reach load balancers of AWS; left out where there are none. */
  readonly reached?: readonly ReachedAt[];
  /** What load balancers of AWS say of nodes; left out where there are none. */
  readonly targets?: readonly TargetStatus[];
  /** Certificates that nodes get for themselves. */
  readonly certificates: readonly CertificateStatus[];
  /** Latest lines of the error log. */
  readonly errors: readonly string[];
  /** What is not as it should be, in words. */
  readonly remarks: readonly string[];
}

/** What is no longer as a stack of CloudFormation made it. */
export interface StackDrift {
  readonly region: string;
  readonly stack: string;
  /** Why not all of it could be checked; null where all was. */
  readonly problem: string | null;
  readonly resources: readonly DriftedResource[];
}

/** What one of several machines does. */
export interface NodeStatus {
  /** As people know it, such as `ops@lb1.example.com`. */
  readonly node: string;
  /** Process of the master; null where none runs, or the machine cannot be asked. */
  readonly pid: number | null;
  /** Version of its NGINX. */
  readonly nginx: string | null;
  /** Release that NGINX loads there; null where it is none of lbctl's. */
  readonly release: string | null;
  /** Why it cannot be asked or used; null where it can. */
  readonly problem: string | null;
  /** What the machine is, where lbctl has made it. */
  readonly machine?: {
    readonly zone: string;
    readonly size: string;
    readonly address: string | null;
    readonly privateAddress: string | null;
    /** USD; null where it cannot be told. */
    readonly monthly: number | null;
  };
}

/** A node as a load balancer of AWS sees it at one of its ports. */
export interface TargetStatus {
  readonly region: string;
  /** Logical ID of the target group, such as `Targets443`. */
  readonly group: string;
  /** Of the load balancer. */
  readonly port: number;
  /** ID of the instance. */
  readonly node: string;
  /** In AWS's words, such as `healthy`, `initial` and `draining`. */
  readonly state: string;
  /** AWS's code, such as `Target.Timeout`; null where it is healthy. */
  readonly reason: string | null;
  /** What that means. */
  readonly meaning: string | null;
}

/** A server of an upstream, asked just now. */
export interface ServerState {
  readonly address: string;
  readonly state: 'up' | 'down' | 'not probed';
  /** Answer or error, in a few words. */
  readonly detail: string;
  /** Time to the answer; null without one. */
  readonly milliseconds: number | null;
  /** Whether it gets no new connections until `lbctl pool undrain`. */
  readonly drained: boolean;
  /** Whether what serves now has it. */
  readonly served: boolean;
  /** Whether lb.yaml has it. */
  readonly described: boolean;
}
