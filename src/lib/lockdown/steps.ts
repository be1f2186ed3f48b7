import type { PortRule } from '../aws/lightsail/port-rules.ts';
import type { Step } from '../plan/step.ts';

/** A change of the firewall of one instance, with all that it takes to do it. */
export interface LockdownStep extends Step<'close' | 'open'> {
  readonly region: string;
  readonly publicAddress: string | null;
  /** Rules as they were when this was planned: where others are found, somebody has changed them since. */
  readonly before: readonly PortRule[];
  readonly after: readonly PortRule[];
  /** Tag in which is remembered what was open. */
  readonly tag: string;
  /** Its value as it is to be; null where it is to go. */
  readonly memory: string | null;
  /** Its value as it was; null where there was none. */
  readonly remembered: string | null;
}
