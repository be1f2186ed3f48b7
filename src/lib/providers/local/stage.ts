import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Socket } from '../../render/tree.ts';
import { run } from './command.ts';
import { commandLine } from './nginx.ts';
import type { Observed } from './observe.ts';
import { newSockets } from './plan.ts';
import { checkPorts } from './ports.ts';
import { activate, filesOf, stage } from './releases.ts';
import { checkPermission } from './signal.ts';
import type { Work } from './work.ts';

/** Writes the release, has NGINX judge it, and only then lets `current` lead to it. */
export async function stageRelease(work: Work, observed: Observed, io: Io): Promise<void> {
  const { places, nginx, release } = work;
  // what could not be reloaded must not be switched
  if (observed.running) checkPermission(observed.running.master);
  io.notify({ kind: 'start', text: `checking release ${release.digest} with NGINX ${nginx.version}` });
  for (const folder of ['logs', 'run', 'temp', 'cache'])
    await mkdir(join(places.prefix, folder), { recursive: true });
  const folder = await stage(places, release.digest, filesOf(work));
  const { code, lines } = await run(nginx.path, ['-t', ...commandLine(places, nginx, folder)]);
  if (code !== 0) {
    io.notify({ kind: 'failed', text: `NGINX refuses release ${release.digest}` });
    await rm(folder, { recursive: true, force: true });
    throw refused(lines, observed.running !== null);
  }
  // before the switch, so that a port that is taken changes nothing
  const { running, current, orphans } = observed;
  const reloads = running !== null && running.movedFrom === null;
  const held = reloads ? (current?.sockets ?? []) : [];
  refuseMoves(held, release.sockets);
  const leaving = [
    ...orphans.map(({ pid }) => pid),
    ...(running && !reloads ? [running.master, ...running.workers.map(({ pid }) => pid)] : []),
  ];
  await checkPorts(newSockets(held, release.sockets), leaving);
  await activate(places, release.digest);
  io.notify({ kind: 'done', text: `release ${release.digest} is in place` });
}

/** A running NGINX opens new sockets before it closes old ones, so a port cannot change its address by a reload. */
function refuseMoves(held: readonly Socket[], wanted: readonly Socket[]): void {
  for (const socket of newSockets(held, wanted)) {
    const { listener, port, address } = socket;
    const before = held.find((other) => overlap(other, socket));
    if (!before) continue;
    const message = `listener ${listener} would move from ${before.address} to ${address} on port ${port}, which a running NGINX cannot do`;
    throw new UserError('failed', 'address-moves', message, {
      hint: 'run lbctl down and lbctl up, or choose another port for the new address',
    });
  }
}

/** Whether two sockets cannot be open at once: the same port, and one of them takes all addresses of its family. */
function overlap(a: Socket, b: Socket): boolean {
  const family = ({ address }: Socket) => address.includes(':');
  const takesAll = ({ address }: Socket) => address === '0.0.0.0' || address === '::';
  return (
    a.port === b.port &&
    a.transport === b.transport &&
    family(a) === family(b) &&
    (takesAll(a) || takesAll(b))
  );
}

function refused(lines: readonly string[], running: boolean): UserError {
  const evidence = lines.filter((line) => !/test failed$|syntax is ok$/u.test(line));
  return new UserError('failed', 'nginx-refuses', 'NGINX refuses the configuration, so nothing was changed', {
    evidence,
    hint: running
      ? 'the release that ran before still serves; mend lb.yaml and run lbctl up again'
      : 'mend lb.yaml and run lbctl up again',
  });
}
