import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBackends, startLbctl } from './contenders.js';
import { judge, rounded } from './figures.js';
import { startLoad } from './load.js';

const KILLS = 6;
const RELOADS = 20;
/** Servers come back sooner than by default, so that the next can be killed. */
const OPTIONS = 'health: { fail_timeout: 1s }, ';

/** Requests that fail while servers die and while the configuration changes, by clients of both kinds. */
export async function measureFailures(folder, ports) {
  // a process each, so that one can be killed
  const backends = await Promise.all(ports.map((port, index) => startServer(folder, port, index)));
  const balancer = await startLbctl(join(folder, 'failures'), ports, OPTIONS);
  console.log('\nRequests that fail (GET, 24 clients at once)\n');
  try {
    for (const kept of [false, true]) await killServers(folder, ports, backends, balancer, kept);
    for (const kept of [false, true]) await reload(balancer, kept);
  } finally {
    await balancer.stop();
    await Promise.all(backends.map(({ stop }) => stop()));
  }
}

async function killServers(folder, ports, backends, balancer, kept) {
  const load = startLoad(balancer.port, { kept });
  for (let kill = 0; kill < KILLS; kill++) {
    const index = kill % backends.length;
    await sleep(500);
    await backends[index].stop('SIGKILL');
    await sleep(500);
    backends[index] = await startServer(folder, ports[index], index);
    await sleep(1100);
  }
  show(`a server is killed, ${KILLS} times`, kept, await load.stop());
}

async function reload(balancer, kept) {
  const load = startLoad(balancer.port, { kept });
  for (let count = 1; count <= RELOADS; count++) {
    await balancer.change(`${kept}-${count}`, OPTIONS);
    await sleep(50);
  }
  show(`${RELOADS} reloads`, kept, await load.stop());
}

function startServer(folder, port, index) {
  return startBackends(join(folder, `server-${index}`), [port]);
}

function show(event, kept, { sent, failed, repeated }) {
  judge(
    `${event}, ${kept ? 'kept connections' : 'connection a request'}`,
    `${failed} failed`,
    failed === 0,
    '0',
  );
  console.log(`    of ${rounded(sent)} requests${kept ? `; ${rounded(repeated)} repeated` : ''}`);
}
