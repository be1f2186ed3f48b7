import { isOn } from '../../model/flags.ts';
import type { Block } from '../../model/model.ts';
import { addressesOf, type Listener, Sockets } from '../../model/network/sockets.ts';
import type { Rule } from '../../engine/rule.ts';

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
    const sockets = Sockets.of(model);
    /** The parameter of listen holds for a socket, whichever server has it. */
    const http2 = new Set(
      sockets.all
        .filter(
          ({ stream, listeners }) => !stream && listeners.some((one) => one.parameters.includes('http2')),
        )
        .flatMap(addressesOf),
    );
    const told = new Set<Block>();
    for (const pass of passes) {
      const server = pass.block.server;
      if (!server || told.has(server)) continue;
      told.add(server);
      if (isOn(server, 'http2')) continue;
      const speaks = ({ parameters, socket }: Listener): boolean =>
        parameters.includes('quic') || addressesOf(socket).some((address) => http2.has(address));
      if (sockets.listeners(server).some(speaks)) continue;
      report(pass, 'clients of gRPC need HTTP/2, which this server does not speak', {
        hint: 'add http2 on; to the server, or http2 to its listen before 1.25.1',
        related: { message: 'the server', item: server.item ?? pass },
      });
    }
  },
};
