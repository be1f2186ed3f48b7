import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the range that systems take the ports of outgoing connections from, so that none gets in between. */
const FIRST = 12_000;
const LAST = 32_000;

const given = new Set<number>();

/** A port that nobody listens on, for TCP and UDP; never the same one twice. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port from ${FIRST} to ${LAST}`);
}

/** A port for a listener of `lbctl up`: 10,000 further on its metrics server has its place. */
export async function freeListenerPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await isFree(port + 10_000)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  return (await tcpIsFree(port)) && (await udpIsFree(port));
}

function tcpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}

function udpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').once('error', () => resolve(false));
    socket.bind(port, '0.0.0.0', () => socket.close(() => resolve(true)));
  });
}
