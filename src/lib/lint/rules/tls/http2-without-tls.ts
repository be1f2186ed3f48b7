import { atLeast } from '../../../nginx/version.ts';
import type { Block, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { isTls, Sockets } from '../../model/network/sockets.ts';

export const http2WithoutTls: Rule = {
  id: 'tls/http2-without-tls',
  severity: 'warning',
  summary: 'a port for plain HTTP speaks HTTP/2 alone, which no browser does without TLS',
  aliases: [],
  since: '0.1.0',
  check({ model, target, behind, report }) {
    // from there on both are understood; and an ALB can be told to speak HTTP/2
    if (atLeast(target.version, '1.25.1') || behind === 'alb') return;
    let grpc: Set<Block> | undefined;
    for (const socket of Sockets.of(model).all) {
      // other ports are for programs, which may well be meant
      if (socket.stream || socket.port !== 80 || socket.name.startsWith('127.')) continue;
      const listen = socket.listeners.find(({ parameters }) => parameters.includes('http2'));
      if (!listen || isTls(socket, target.version)) continue;
      grpc ??= blocksWithGrpc(model);
      if (
        socket.listeners.some(
          ({ server, parameters }) => grpc!.has(server) || parameters.includes('proxy_protocol'),
        )
      )
        continue;
      report(
        listen.item,
        `NGINX ${target.version} speaks HTTP/2 alone on ${socket.name}: HTTP/1.1 gets no answer`,
        {
          word: listen.item.directive.words.find(({ value }) => value === 'http2'),
          hint: 'take http2 out; browsers speak it over TLS only',
        },
      );
    }
  },
};

/** Blocks in which, or in whose inner blocks, gRPC is passed on. */
function blocksWithGrpc(model: Model): Set<Block> {
  const found = new Set<Block>();
  for (const { block } of model.named('grpc_pass'))
    for (let one: Block | undefined = block; one && !found.has(one); one = one.parent) found.add(one);
  return found;
}
