// A server for the demo: answers every request with its name.
import { createServer } from 'node:http';

const [name, port] = process.argv.slice(2);
createServer((_, response) => response.end(`${name}\n`)).listen(Number(port), '127.0.0.1');
