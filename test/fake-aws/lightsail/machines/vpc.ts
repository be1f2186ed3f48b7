import { spawn, spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Machine, startMachine } from '../../../support/host.ts';
import { atEnd } from '../../../support/lifetime.ts';

/**
 * The private network of a region: a bridge in a namespace of its own, which no other network of this machine touches.
 */
export interface Vpc {
  /** Gives a machine its private address. */
  join(machine: Machine, address: string): void;
  /** A connection to a port there, as from the internet: through nothing that looks at it. */
  dial(address: string, port: number): Socket;
}

/** Of the network itself, from which all comes that comes from outside. */
const GATEWAY = '172.26.255.254';

/** Connects what comes by a socket of the file system: `ADDRESS PORT`, a new line, and then what goes there. */
const DIAL = `
const net = require('node:net');
net.createServer({ allowHalfOpen: true }, (near) => {
  let head = Buffer.alloc(0);
  near.on('error', () => {});
  near.on('data', function read(chunk) {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(10);
    if (end < 0) return;
    near.off('data', read).pause();
    const [host, port] = head.subarray(0, end).toString().split(' ');
    const far = net.connect({ host, port: Number(port), allowHalfOpen: true }, () => {
      far.write(head.subarray(end + 1));
      near.pipe(far).pipe(near);
    });
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
  });
}).listen(process.argv[1], () => console.log('up'));
// it ends with whoever started it
process.stdin.resume().on('end', () => process.exit());
`;

export async function startVpc(): Promise<Vpc> {
  const router = await startMachine();
  router.sh(`ip link add br0 type bridge && ip addr add ${GATEWAY}/16 dev br0 && ip link set br0 up`);
  const path = join(router.disk, 'dial');
  const [nsenter, ...words] = router.network;
  const dialer = spawn(nsenter!, [...words, process.execPath, '-e', DIAL, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  atEnd(() => void dialer.kill('SIGKILL'));
  await new Promise((resolve) => dialer.stdout.once('data', resolve));
  let joined = 0;
  return {
    join(machine, address) {
      const name = `v${++joined}`;
      run(router, `link add ${name} type veth peer name eth0 netns ${machine.pid}`);
      run(router, `link set ${name} master br0 up`);
      run(machine, `addr add ${address}/16 dev eth0`);
      run(machine, 'link set eth0 up');
    },
    dial(address, port) {
      const socket = connect({ path, allowHalfOpen: true });
      socket.write(`${address} ${port}\n`);
      return socket;
    },
  };
}

/** Processes have other numbers inside of a machine, so that only its network is entered. */
function run({ network }: Machine, args: string): void {
  const [nsenter, ...words] = network;
  const { status, stderr } = spawnSync(nsenter!, [...words, 'ip', ...args.split(' ')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args}: ${stderr}`);
}
