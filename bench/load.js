import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT = 10_000;

/**
 * GET requests from several clients at once until it is stopped, which gives the counts.
 *
 * `kept: false` opens a connection for every request, so each failure is the balancer's. `kept: true` keeps connections
 * open, as browsers do. Either side may close an idle connection at any time, and a request that crosses such a close
 * has not been served: HTTP clients send it again (RFC 9110, section 9.2.2). So does this one, and only then: when the
 * connection had been used before and closed without one byte of an answer. Those are counted as repeated.
 */
export function startLoad(port, { kept, clients = 24, pause = 0, path = '/' }) {
  const agent = kept ? new Agent({ keepAlive: true, maxSockets: clients }) : false;
  const counts = { sent: 0, failed: 0, repeated: 0 };
  const stopped = new AbortController();
  const client = async () => {
    while (!stopped.signal.aborted) {
      counts.sent++;
      if (!(await served({ port, path }, agent, counts))) counts.failed++;
      if (pause > 0) await sleep(pause);
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    async stop() {
      stopped.abort();
      await all;
      if (agent) agent.destroy();
      return counts;
    },
  };
}

async function served(place, agent, counts) {
  const outcome = await send(place, agent);
  if (outcome !== 'stale') return outcome === 'served';
  counts.repeated++;
  // a new connection: the others that are kept may be as stale
  return (await send(place, false)) === 'served';
}

/** `served`, `failed`, or `stale` where a connection that had been used before was closed without an answer. */
function send(place, agent) {
  return new Promise((resolve) => {
    let bytesBefore = 0;
    const sent = request({ host: '127.0.0.1', ...place, agent, timeout: TIMEOUT }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve(response.statusCode === 200 && response.complete ? 'served' : 'failed'),
      );
      response.on('error', () => resolve('failed'));
    });
    sent.on('socket', (socket) => (bytesBefore = socket.bytesRead));
    sent.on('timeout', () => {
      resolve('failed');
      sent.destroy();
    });
    sent.on('error', () => {
      // `reusedSocket` does not tell: it is unset where the agent hands a connection straight on
      const silent = bytesBefore > 0 && sent.socket.bytesRead === bytesBefore;
      resolve(silent ? 'stale' : 'failed');
    });
    sent.end();
  });
}
