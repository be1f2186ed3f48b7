import { rm } from 'node:fs/promises';
import type { Io } from '../../io.ts';
import type { Step } from '../../plan/step.ts';
import { refuseWhileAtWork } from './lock.ts';
import type { LocalStep, RemovalStep } from './plan.ts';
import type { Places } from './places.ts';
import { retireOrphans, stop } from './stop.ts';
import { writing } from './writing.ts';

export function execute({ kind }: Step<LocalStep>, places: Places, io: Io): Promise<void> {
  return kind === 'retire' ? retireOrphans(places, io) : stop(places, io);
}

export function removeStep({ kind }: Step<RemovalStep>, places: Places, io: Io): Promise<void> {
  return writing(places.prefix, async () => {
    await refuseWhileAtWork(places);
    await (kind === 'stop' ? stop(places, io) : remove(places, io));
  });
}

async function remove({ prefix }: Places, io: Io): Promise<void> {
  await rm(prefix, { recursive: true, force: true });
  io.notify({ kind: 'done', text: `${prefix} is removed` });
}
