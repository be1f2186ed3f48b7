/** What a script did on an instance. */
export interface Executed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An instance whose agent has registered. */
export interface Managed {
  readonly id: string;
  readonly region: string;
  /** `ConnectionLost` takes no commands: they time out. */
  readonly ping?: 'Online' | 'ConnectionLost';
  /** Runs a script as root, as the agent does. */
  execute(script: string): Promise<Executed>;
}

/** What becomes of a command on an instance. */
export interface Invocation {
  readonly instance: string;
  status: string;
  details: string;
  result: Executed | undefined;
}

/**
 * Has an instance run a script, and tells how it does.
 * @param isThere whether it still is; a command to one that is no longer stays in progress.
 */
export function begin(
  { id, ping = 'Online', execute }: Managed,
  script: string,
  isThere: () => boolean,
): Invocation {
  const invocation: Invocation = {
    instance: id,
    status: 'InProgress',
    details: 'InProgress',
    result: undefined,
  };
  const end = (status: string, details: string, result?: Executed): void => {
    // a command that was cancelled stays so
    if (invocation.status === 'InProgress' && isThere())
      Object.assign(invocation, { status, details, result });
  };
  // as if its time was over at once
  if (ping === 'ConnectionLost') end('TimedOut', 'DeliveryTimedOut');
  else
    void execute(script).then(
      (result) => (result.code === 0 ? end('Success', 'Success', result) : end('Failed', 'Failed', result)),
      () => end('TimedOut', 'ExecutionTimedOut', { code: null, stdout: '', stderr: '' }),
    );
  return invocation;
}

/** As the agent adds it where a script fails. */
export const errorOf = ({ result }: Invocation): string =>
  result === undefined || result.code === 0 || result.code === null
    ? (result?.stderr ?? '')
    : `${result.stderr}failed to run commands: exit status ${result.code}`;
