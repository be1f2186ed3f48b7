import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { startHttp } from '../../../support/backends.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { findProgram, without } from '../../../support/tools.ts';
import { startLoad } from './load.ts';
import { startNode, type TestNode } from './node.ts';

/** 20 releases that are kept and 5 that are taken back, four times the one and then the other. */
async function work(node: TestNode): Promise<void> {
  const { address } = await startHttp('backend', { body: 'backend' });
  const server = (id: string): string =>
    `location = /id { return 200 "${id}\\n"; } location / { proxy_pass http://${address}; }`;
  await node.add('ill', {
    server: server('ill'),
    manifest: [`listener http 127.0.0.1 ${node.port} 503 /`],
  });
  for (let index = 0; index < 25; index++) {
    if (index % 5 === 4) {
      expect(await node.activate('ill', { settings: { keep: 30 } })).toMatchObject({
        code: 10,
        outcome: 'undone',
        stderr: '',
      });
      continue;
    }
    const id = `r${index}`;
    await node.add(id, { server: server(id) });
    expect(await node.activate(id, { settings: { keep: 30 } })).toMatchObject({
      code: 0,
      outcome: 'kept',
      stderr: '',
    });
  }
}

describe.skipIf(without('nginx', 'curl'))('under load', () => {
  test('25 activations fail no request', async () => {
    const node = await startNode();
    const load = startLoad(node.port, (body) => body === 'backend' || body === 'first');
    await work(node);
    const { sent, failures, repeated } = await load.stop();
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThan(1000);
    // only what crossed a close; were it all, the clients would hide failures
    expect(repeated).toBeLessThan(25 * 2 * 2 * 2);
    expect(await node.leftovers()).toEqual([]);
  }, 180_000);
});

describe.skipIf(without('nginx', 'curl', 'wrk'))('under load of wrk', () => {
  test('25 activations fail no request of clients that open a connection each time', async () => {
    const node = await startNode();
    const { stdout, stop } = startWrk(node.port, ['-H', 'Connection: close']);
    await work(node);
    await stop();
    const said = stdout();
    expect(said).toMatch(/[1-9]\d* requests in/u);
    expect(said).not.toMatch(/Socket errors|Non-2xx/u);
  }, 180_000);
});

function startWrk(
  port: number,
  options: readonly string[],
): { stdout: () => string; stop: () => Promise<void> } {
  const wrk = spawn(findProgram('wrk')!, ['-t1', '-c2', '-d120', ...options, `http://127.0.0.1:${port}/`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  wrk.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  atEnd(() => void wrk.kill('SIGKILL'));
  const ended = new Promise<void>((resolve) => wrk.once('close', () => resolve()));
  return {
    stdout: () => stdout,
    stop: () => {
      wrk.kill('SIGINT');
      return ended;
    },
  };
}
