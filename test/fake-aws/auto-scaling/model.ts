export interface FakeInstance {
  readonly id: string;
  readonly zone: string;
  readonly type?: string;
  /** Of its lifecycle, such as `InService`. */
  readonly state: string;
  readonly healthy: boolean;
  /** What a node has told while the hook of its launch waited for it: heartbeats, and how it went. */
  readonly told?: readonly string[];
}

export interface FakeGroup {
  readonly name: string;
  readonly region: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly instances: readonly FakeInstance[];
  /** Where its instances are registered. */
  readonly targetGroupArns?: readonly string[];
  /** Names of lifecycle hooks at the launch of instances. */
  readonly hooks?: readonly string[];
  /** Looks at it until it launches and ends instances by itself, as it should have others; undefined where it never does. */
  readonly looks?: number | undefined;
}

/** What a group has done by itself. */
export interface Activity {
  readonly id: string;
  readonly group: string;
  readonly instance: string | undefined;
  readonly status: 'InProgress' | 'Successful' | 'Failed' | 'Cancelled';
  readonly message: string | undefined;
  readonly at: string;
}

export interface State {
  groups: readonly FakeGroup[];
  /** The oldest first. */
  activities: readonly Activity[];
}
