import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the range that systems take the ports of outgoing connections from, so that none gets in between. */
const FIRST = 12_000;
const METRICS = 10_000;

/** Each process of the tests has such ranges of its own, so that none takes what another is about to listen on. */
const RANGES = 200;
const RANGE = METRICS / RANGES;

/** Ports of the last range that are left. */
let left: number[] = [];

/**
 * A port that nobody listens on, for TCP and UDP; never the same one twice. Listeners of `lbctl up` may have it: 10,000
 * further on is the place of their metrics server.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    if (left.length === 0) left = await claimRange();
    const port = left.shift()!;
    if ((await isFree(port)) && (await isFree(port + METRICS))) return port;
  }
}

/** Takes a range until this process ends: its name is a socket of Linux that is no file, and has one holder. */
async function claimRange(): Promise<number[]> {
  const from = Math.floor(Math.random() * RANGES);
  for (let index = 0; index < RANGES; index++) {
    const range = (from + index) % RANGES;
    const server = createServer().unref();
    const isOurs = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(`\0lbctl-test-ports-${range}`, () => resolve(true));
    });
    if (isOurs) return Array.from({ length: RANGE }, (_, port) => FIRST + range * RANGE + port);
  }
  throw new Error(`no free ports from ${FIRST} on`);
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
