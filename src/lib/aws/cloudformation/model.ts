/** A stack as CloudFormation has it. */
export interface StackState {
  /** Its ARN, by which it is found also when it is deleted. */
  readonly id: string;
  /** In CloudFormation's words, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly reason: string | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether it refuses to be deleted. */
  readonly isProtected: boolean;
}

export interface ResourceState {
  readonly logicalId: string;
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** Empty where it was never made. */
  readonly physicalId: string;
  readonly status: string;
}

/** What a change set would do to a resource. */
export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Dynamic' | 'Import' | 'SyncWithActual';
  readonly logicalId: string;
  readonly type: string;
  /** `Conditional`: only what comes of other changes decides whether it is made anew. */
  readonly replacement: 'True' | 'False' | 'Conditional' | null;
  readonly details: readonly ChangedProperty[];
}

export interface ChangedProperty {
  /** `Tags`, `Metadata`, or the name of a property. */
  readonly name: string;
  readonly recreation: 'Never' | 'Conditionally' | 'Always';
  readonly before: string | null;
  readonly after: string | null;
  /** The resource whose change is the cause; null where the template says it. */
  readonly cause: string | null;
}

/** What a change set would do. */
export interface Proposal {
  readonly changes: readonly Change[];
  /** Whether it cannot be executed, as it would do nothing; one without changes may be about outputs alone. */
  readonly isEmpty: boolean;
}

/** An event of a stack. */
export interface Happened {
  readonly id: string;
  readonly at: Date;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  /** Of the call that it follows from. */
  readonly token: string | null;
}

/** A resource that is no longer as its stack made it. */
export interface DriftedResource {
  readonly logicalId: string;
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  readonly physicalId: string;
  /** Whether it is gone altogether. */
  readonly deleted: boolean;
  readonly properties: readonly {
    /** As a JSON pointer, such as `/Tags/0/Value`. */
    readonly path: string;
    /** As the template has it; null where it has none. */
    readonly expected: string | null;
    /** As it is; null where it is not there. */
    readonly actual: string | null;
  }[];
}
