/** Properties, and whatever else stands in a template, as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Definition {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Json>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly [other: string]: Json | undefined;
}

export interface Template {
  readonly Description?: string;
  readonly Resources: Readonly<Record<string, Definition>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json }>>;
  readonly [other: string]: unknown;
}

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  physicalId: string;
  status: string;
  reason: string | undefined;
  /** As they stand in the template. */
  definition: Definition;
  /** With all functions answered. */
  properties: Json;
}

export interface Event {
  readonly id: string;
  readonly at: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly token: string | undefined;
}

/** One thing that an operation does to a resource. */
export interface Item {
  readonly logicalId: string;
  readonly act: 'create' | 'update' | 'delete';
  begun: boolean;
  /** What it is to be; of deletions what goes. */
  readonly definition: Definition;
  /** The physical ID that goes, where a resource has been replaced. */
  readonly physicalId?: string;
}

/** An operation that is under way. */
export interface Work {
  phase:
    | 'create'
    | 'update'
    | 'cleanup'
    | 'rollback'
    | 'update-rollback'
    | 'update-rollback-cleanup'
    | 'delete';
  readonly token: string | undefined;
  todo: Item[];
  /** The resources before an update, for the way back. */
  before: Readonly<Record<string, Resource>>;
  beforeText: string;
  beforeTags: Readonly<Record<string, string>>;
  /** Physical resources that nothing stands for any longer. */
  leaving: Item[];
}

export interface ChangeSet {
  readonly name: string;
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly tags: Readonly<Record<string, string>>;
  status: 'CREATE_PENDING' | 'CREATE_COMPLETE' | 'FAILED';
  execution: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_FAILED';
  readonly reason: string | undefined;
  readonly changes: readonly Change[];
}

export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly replacement: 'True' | 'False' | 'Conditional' | undefined;
  readonly details: readonly {
    readonly attribute: string;
    readonly name: string | undefined;
    readonly recreation: 'Never' | 'Conditionally' | 'Always';
    readonly evaluation: 'Static' | 'Dynamic';
    readonly source: string;
    readonly causing: string | undefined;
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[];
}

export interface Stack {
  readonly region: string;
  readonly name: string;
  readonly id: string;
  readonly created: string;
  status: string;
  reason: string | undefined;
  text: string;
  tags: Readonly<Record<string, string>>;
  protected: boolean;
  resources: Record<string, Resource>;
  events: Event[];
  changeSets: Record<string, ChangeSet>;
  work: Work | undefined;
  /** What somebody has changed by hand, by resource; one without differences is gone. */
  drift: Record<string, Difference[]>;
  /** Why not all of it can be checked for that. */
  unchecked: string | undefined;
  detections: Record<string, { looks: number }>;
}

/** A property that is not as the template has it. */
export interface Difference {
  readonly path: string;
  /** Null where it is not there. */
  readonly actual: string | null;
}

/** How a resource fails. */
export interface Failure {
  readonly logicalId: string;
  readonly on: 'create' | 'update' | 'delete' | 'rollback';
  readonly reason: string;
  times: number;
}

export interface State {
  readonly stacks: Record<string, Stack>;
  /** Stacks that have been deleted: only their ID leads to them. */
  readonly gone: Record<string, Stack>;
  readonly failures: Failure[];
  /** Number of the next physical resource. */
  next: number;
}
