import { Context } from '../../../nginx/directives/contexts.ts';
import { addressesOf } from '../../addresses.ts';
import type { Block } from '../../model.ts';
import type { Rule } from '../../rule.ts';

export const grpcWithoutHttp2: Rule = {
  id: 'reliability/grpc-without-http2',
  severity: 'warning',
  summary: 'gRPC is passed on by a server that does not speak HTTP/2',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const passes = model.named('grpc_pass');
    // in a part http2 may be switched on elsewhere
    if (passes.length === 0 || !model.whole) return;
    /** The parameter of listen holds for a socket, whichever server has it. */
    const sockets = new Set<string>();
    for (const server of model.blocks) {
      if (server.context !== Context.server) continue;
      for (const one of addressesOf(server))
        if (one.http2) for (const socket of one.sockets) sockets.add(socket);
    }
    const told = new Set<Block>();
    for (const pass of passes) {
      const server = pass.block.server;
      if (!server || told.has(server)) continue;
      told.add(server);
      if (server.effective('http2')[0]?.directive.words[1]?.value.toLowerCase() === 'on') continue;
      const listeners = addressesOf(server);
      if (listeners.some((one) => one.quic || one.sockets.some((socket) => sockets.has(socket)))) continue;
      report(pass, 'clients of gRPC need HTTP/2, which this server does not speak', {
        hint: 'add http2 on; to the server, or http2 to its listen before 1.25.1',
        related: { message: 'the server', item: server.item ?? pass },
      });
    }
  },
};
