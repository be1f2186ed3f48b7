import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT = 10_000;

export interface Load {
  /** Stops it; what was asked, and why it failed. */
  stop(): Promise<{ readonly sent: number; readonly failures: readonly string[]; readonly repeated: number }>;
}

/**
 * Requests without end by clients of both kinds. `fresh` ones open a connection for each. `kept` ones reuse theirs as
 * browsers do: NGINX closes idle connections when it reloads, and a request that crosses such a close was not served;
 * it is sent again, once and by a new connection (RFC 9110, section 9.2.2), only when not a byte of an answer had come.
 * @param isRight about the body of an answer with status 200.
 */
export function startLoad(
  port: number,
  isRight: (body: string) => boolean,
  {
    fresh = 2,
    kept = 2,
    pause = 2,
  }: { readonly fresh?: number; readonly kept?: number; readonly pause?: number } = {},
): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: kept });
  const stopped = new AbortController();
  const failures: string[] = [];
  let [sent, repeated] = [0, 0];
  const client = async (by: Agent | false): Promise<void> => {
    while (!stopped.signal.aborted) {
      sent++;
      let outcome = await send(port, by, isRight);
      if (outcome === 'stale') {
        repeated++;
        outcome = await send(port, false, isRight);
      }
      if (outcome !== 'served') failures.push(outcome);
      await sleep(pause);
    }
  };
  const clients = [
    ...Array.from({ length: fresh }, () => client(false)),
    ...Array.from({ length: kept }, () => client(agent)),
  ];
  return {
    async stop() {
      stopped.abort();
      await Promise.all(clients);
      agent.destroy();
      return { sent, failures, repeated };
    },
  };
}

/** `served`, what went wrong, or `stale` where a connection that had been used before was closed without an answer. */
function send(port: number, agent: Agent | false, isRight: (body: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    let bytesBefore = 0;
    const sent = request({ host: '127.0.0.1', port, agent, timeout: TIMEOUT }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('error', (error) => resolve(error.message));
      response.on('end', () => {
        const right = response.statusCode === 200 && response.complete && isRight(body.trim());
        resolve(right ? 'served' : `${response.statusCode} ${body}`);
      });
    });
    sent.on('socket', (socket) => (bytesBefore = socket.bytesRead));
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', (error) => {
      const stale = sent.reusedSocket && sent.socket?.bytesRead === bytesBefore;
      resolve(stale ? 'stale' : error.message);
    });
    sent.end();
  });
}
