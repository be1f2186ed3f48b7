import type { Limits, Window } from '../../lib/metrics/window.ts';
import type { Sheet } from '../../lib/metrics/sheet.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';

/** What metrics are shown of: balancers, or instances. */
export interface Subject {
  readonly limits: Limits;
  /** Finds them; asked once, before the first look. */
  open(): Promise<Look>;
}

/** Measures them; `now` is the time by AWS's clock. */
type Look = (window: Window, now: Date) => Promise<Sight>;

/** What was measured, for every form. */
interface Sight {
  readonly sheets: readonly Sheet[];
  readonly document: { readonly loadBalancers: readonly unknown[]; readonly instances: readonly unknown[] };
  screen(terminal: Terminal): string;
}
