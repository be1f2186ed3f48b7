import { Context } from '../../../nginx/directives/contexts.ts';
import type { Word } from '../../../nginx/syntax/tree.ts';
import { isOn } from '../../model/flags.ts';
import type { Item, Model } from '../../model/model.ts';
import { groupOf, type Upstream } from '../../model/network/upstreams.ts';

/** A directive that passes requests or connections on to a host or a group without variables. */
export interface Pass {
  readonly item: Item;
  readonly word: Word;
  /** Whether it speaks TLS. */
  readonly tls: boolean;
  /** What the directives about TLS begin with: `proxy_ssl`. */
  readonly prefix: string;
  /** As it is written, without a port. */
  readonly host: string;
  readonly port: number | undefined;
  /** The group, where it is one. */
  readonly group: Upstream | undefined;
}

/** Directives, with their schemes of plain text and of TLS. */
const KINDS = [
  ['proxy_pass', 'http', 'https', 'proxy_ssl'],
  ['grpc_pass', 'grpc', 'grpcs', 'grpc_ssl'],
  ['uwsgi_pass', 'uwsgi', 'suwsgi', 'uwsgi_ssl'],
] as const;

/** All passes whose host is written in the configuration; sockets of UNIX are left out. */
export function* passesOf(model: Model): Generator<Pass> {
  for (const [name, , secure, prefix] of KINDS)
    for (const item of model.named(name)) {
      const word = item.directive.words[1];
      const target = groupOf(item);
      if (!word || target === undefined) continue;
      const stream = item.block.context === Context.streamServer;
      const [, host = target, port] = /^(.*?)(?::(\d+))?$/u.exec(target)!;
      yield {
        item,
        word,
        tls: stream
          ? isOn(item.block, 'proxy_ssl')
          : word.value.slice(0, secure.length + 3).toLowerCase() === `${secure}://`,
        prefix,
        host,
        port: port === undefined ? undefined : Number(port),
        group: model.upstream(target, item.block),
      };
    }
}

/** Endings of names that only a network of one's own knows. */
const PRIVATE =
  /\.(?:local|localdomain|localhost|internal|intranet|lan|home|corp|private|test|invalid|svc|cluster|consul|docker|arpa)$/iu;

/** Whether a host has a name that the whole world can look up. */
export function isPublicName(host: string): boolean {
  return /^(?:[a-z0-9_-]+\.)+[a-z]{2,}$/iu.test(host) && !PRIVATE.test(host);
}
