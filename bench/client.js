// Requests over kept connections until standard input ends, then their counts; a program, so that it can be started in
// the network of another machine.
import { startLoad } from './load.js';

const [port, path] = process.argv.slice(2);
const load = startLoad(Number(port), { kept: true, clients: 4, pause: 20, path });
process.stdin.resume().on('end', async () => console.log(JSON.stringify(await load.stop())));
