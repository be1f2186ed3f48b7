import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';
import type { Machine } from './host.ts';
import { atEnd } from './lifetime.ts';

/** Has a port of this machine answer at the same one of loopback on another, which has a network of its own. */
export async function relay(machine: Machine, port: number): Promise<void> {
  const path = join(await temporaryFolder(), 'relay');
  // they share the files
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on('error', () => void socket.destroy(onward.destroy() as never));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  atEnd(() => void server.close());
  const program = `require('node:net').createServer((a) => {
    const b = require('node:net').connect(${JSON.stringify(path)});
    a.pipe(b).pipe(a);
    for (const end of [a, b]) end.on('error', () => { a.destroy(); b.destroy(); });
  }).listen(${port}, '127.0.0.1', () => console.log('up'));`;
  const [enter, ...words] = [...machine.network, process.execPath, '-e', program];
  const inside = spawn(enter!, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  atEnd(() => void inside.kill('SIGKILL'));
  await new Promise((resolve) => inside.stdout.once('data', resolve));
}
