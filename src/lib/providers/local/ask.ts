import { request } from 'node:http';
import type { Socket } from '../../render/tree.ts';

/** Answer of the metrics server; null where nobody answers. */
export function askMetrics(sockets: readonly Socket[], path: string): Promise<string | null> {
  const socket = sockets.find(({ listener }) => listener === 'metrics');
  if (!socket) return Promise.resolve(null);
  const host = socket.address === '0.0.0.0' ? '127.0.0.1' : socket.address;
  return new Promise((resolve) => {
    const asked = request({ host, port: socket.port, path, timeout: 2000, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? text.trim() : null));
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(null));
    asked.end();
  });
}
