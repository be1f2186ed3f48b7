import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2, type ServerHttp2Stream } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { type Backend, serve, type TlsFiles } from './backends.ts';
import { atEnd } from './lifetime.ts';
import { acceptKey, decodeFrames, encodeFrame } from './websocket.ts';

export interface TcpBackend extends Backend {
  /** All that came over each connection, in the order of the connections. */
  readonly conversations: readonly string[];
}

/** Greets with its name and sends everything back; with `tls` over TLS. */
export async function startTcp(name: string, tls?: TlsFiles): Promise<TcpBackend> {
  const conversations: string[] = [];
  const talk = (socket: Socket): void => {
    const index = conversations.push('') - 1;
    socket.on('error', () => socket.destroy());
    socket.write(`${name}\n`);
    socket.on('data', (chunk: Buffer) => {
      conversations[index] += chunk.toString('latin1');
      socket.write(chunk);
    });
  };
  const { port } = await serve(tls ? createTls({ ...tls }, talk) : createServer(talk));
  return { name, port, address: `127.0.0.1:${port}`, conversations };
}

/** Answers each datagram with its name and the datagram. */
export async function startUdp(name: string): Promise<Backend> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) =>
    socket.send(`${name} ${message.toString()}`, port, address),
  );
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  atEnd(() => void socket.close());
  const { port } = socket.address();
  return { name, port, address: `127.0.0.1:${port}` };
}

/** Accepts WebSocket upgrades and sends every message back, its name in front. */
export async function startWebSocket(name: string): Promise<Backend> {
  const server = createHttp((_request, response) => response.writeHead(426).end());
  server.on('upgrade', (request, socket) => {
    socket.on('error', () => socket.destroy());
    const accept = acceptKey(request.headers['sec-websocket-key'] ?? '');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('data', (chunk: Buffer) => {
      for (const text of decodeFrames(chunk)) socket.write(encodeFrame(`${name}: ${text}`));
    });
  });
  const { port } = await serve(server);
  return { name, port, address: `127.0.0.1:${port}` };
}

/** Speaks gRPC over HTTP/2 without TLS: sends the message back with `grpc-status: 0` in the trailers. */
export async function startGrpc(name: string): Promise<Backend> {
  const server = createHttp2();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => stream.close());
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'x-server': name, 'x-path': headers[':path'] },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.concat(chunks));
    });
  });
  const { port } = await serve(server);
  return { name, port, address: `127.0.0.1:${port}` };
}
