import type { Io } from '../../lib/io.ts';
import { rollOut } from '../../lib/release/rollout/roll-out.ts';
import type { Target } from '../../lib/release/rollout/target.ts';
import { showRollout } from '../../lib/ui/fleet.ts';
import { interruptible } from '../../lib/ui/interruption.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';
import type { RolledOut } from './work.ts';

type Settings = Pick<Parameters<typeof rollOut>[1], 'limits' | 'pause'>;

/**
 * Rolls out before the eyes of whoever looks on, who may interrupt it.
 * @param settings isAlone: whether there is no other node, so that its name goes without saying.
 */
export async function watched(
  terminal: Terminal,
  io: Io,
  targets: readonly Target[],
  settings: Settings & { readonly isAlone: boolean },
): Promise<RolledOut> {
  const names = targets.map(({ node }) => node.transport.name);
  const watcher = showRollout(terminal, io, names, settings.isAlone);
  const text = 'stopping once nodes in work are done; Ctrl-C again leaves them to it';
  const tell = (): void => watcher.note({ kind: 'warn', text });
  try {
    return await interruptible(tell, (signal) => rollOut(targets, { ...settings, watcher, signal }));
  } finally {
    watcher.end();
  }
}

/** What there is to report where nothing is to be done. */
export function idle(targets: readonly Target[], settings: Settings): Promise<RolledOut> {
  const none = (): void => undefined;
  const watcher = { brings: none, progress: none, settled: none, note: none };
  return rollOut(targets, { ...settings, watcher, signal: new AbortController().signal });
}
