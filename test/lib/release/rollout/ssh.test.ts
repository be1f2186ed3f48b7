import { beforeAll, describe, expect, it } from 'vitest';
import type { UserError } from '../../../../src/lib/errors.ts';
import { refuseUnreachable, survey, type Surveyed } from '../../../../src/lib/release/rollout/survey.ts';
import { sshTransport } from '../../../../src/lib/release/transports/ssh.ts';
import { freePort } from '../../../support/ports.ts';
import { type Sshd, startSshd } from '../../../support/sshd.ts';
import { without } from '../../../support/tools.ts';
import { closing, FIRST, type FleetNode, outcomes, roll, SECOND, startFleet } from './fleet.ts';

/** Logins and programs by ssh take their time where tests run side by side. */
const TIMEOUT = 60_000;

const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

describe.skipIf(without('nginx', 'curl', 'ssh', 'sshd'))('nodes by ssh', { timeout: TIMEOUT }, () => {
  let sshd: Sshd;
  let config: string;
  beforeAll(async () => {
    sshd = await startSshd({ addresses: ADDRESSES });
    config = await sshd.configure();
  });

  const start = (count: number): Promise<FleetNode[]> =>
    startFleet(count, (index) => sshTransport(sshd.destination({ address: ADDRESSES[index]! }), { config }));
  const nodesOf = (fleet: readonly FleetNode[]) => fleet.map(({ node }) => node);
  const served = (fleet: readonly FleetNode[]) => Promise.all(fleet.map((one) => one.served()));

  it('have one connection each for all that is done there, which is closed at the end', async () => {
    const fleet = await start(3);
    const before = await sshd.logins();
    const rolled = await closing(fleet, () =>
      roll(fleet, { batch: 2, health: (index) => (index === 2 ? 'ill' : 'well') }),
    );
    expect(outcomes(rolled)).toEqual(['rolled-back', 'rolled-back', 'undone']);
    expect((await sshd.logins()) - before).toBe(3);
    await expect
      .poll(async () => (await sshd.log()).split('Disconnected from user').length - 1)
      .toBe(before + 3);
  });

  it('are asked what became of them when the connection went away', async () => {
    const fleet = await start(2);
    let isDropped = false;
    const rolled = await closing(fleet, () =>
      roll(fleet, {
        watcher: {
          progress(_, { text }) {
            if (isDropped || !text.startsWith('new workers')) return;
            isDropped = true;
            sshd.dropConnections();
          },
        },
      }),
    );
    expect(isDropped).toBe(true);
    expect(outcomes(rolled)).toEqual(['kept', 'kept']);
    expect(await served(fleet)).toEqual([SECOND, SECOND]);
  });

  it('that cannot be reached are told before anything is changed, or are left out', async () => {
    const port = await freePort();
    const fleet = await startFleet(3, (index) =>
      sshTransport(
        index === 1 ? `ssh://127.0.0.1:${port}` : sshd.destination({ address: ADDRESSES[index]! }),
        {
          config,
        },
      ),
    );
    await closing(fleet, async () => {
      const error = refusal(await survey(nodesOf(fleet)), 0);
      expect(error).toMatchObject({
        kind: 'failed',
        message: '1 of 3 nodes cannot take part; nothing was changed',
      });
      expect(error!.evidence.join('\n')).toContain(`127.0.0.1:${port}`);
      expect(refusal(await survey(nodesOf(fleet)), 1)).toBeUndefined();
      const rolled = await roll(fleet, { maxErrors: 1, batch: 2 });
      expect(outcomes(rolled)).toEqual(['kept', 'unreachable', 'kept']);
    });
    expect(await served(fleet)).toEqual([SECOND, FIRST, SECOND]);
  });

  it('that let nobody in anywhere are a matter of rights', async () => {
    const stranger = await (await startSshd()).configure();
    const settings = { config: stranger, knownHosts: sshd.knownHosts };
    const fleet = await startFleet(3, (index) =>
      sshTransport(sshd.destination({ address: ADDRESSES[index]! }), index === 2 ? { config } : settings),
    );
    await closing(fleet, async () => {
      const all = await survey(nodesOf(fleet));
      const some = refusal(all, 0);
      expect(some).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining('2 of 3 nodes') as string,
      });
      expect(some!.evidence.filter((line) => line.includes('hint:'))).toHaveLength(2);
      expect(refusal(all.slice(0, 2), 2)).toMatchObject({ kind: 'denied' });
      expect(refusal(all.slice(0, 1), 0)).toMatchObject({ kind: 'denied', code: 'permission-denied' });
    });
  });
});

function refusal(surveyed: readonly Surveyed[], maxErrors: number): UserError | undefined {
  try {
    refuseUnreachable(surveyed, maxErrors);
    return undefined;
  } catch (error) {
    return error as UserError;
  }
}
