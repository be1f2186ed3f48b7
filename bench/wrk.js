import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MILLISECONDS = { us: 0.001, ms: 1, s: 1000 };

/** Load by wrk over kept connections: requests per second, 99th percentile in milliseconds, failed requests. */
export async function wrk(port, connections, seconds) {
  const args = ['-t', '2', '-c', String(connections), '-d', `${seconds}s`, '--latency'];
  const { stdout } = await promisify(execFile)('wrk', [...args, `http://127.0.0.1:${port}/`]);
  const [, time, unit] = /99%\s+([\d.]+)(us|ms|s)/u.exec(stdout);
  const errors =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/u.exec(stdout)?.slice(1) ?? [];
  const refused = /Non-2xx or 3xx responses: (\d+)/u.exec(stdout)?.[1] ?? 0;
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/u.exec(stdout)[1]),
    p99: Number(time) * MILLISECONDS[unit],
    failed: [...errors, refused].reduce((sum, count) => sum + Number(count), 0),
  };
}
