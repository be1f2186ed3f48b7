import { Context } from '../../../nginx/directives/contexts.ts';
import { atLeast } from '../../../nginx/version.ts';
import type { Block, Item } from '../../model.ts';
import type { Rule } from '../../rule.ts';

/** The release from which on connections to servers are kept open without being told to. */
const BY_DEFAULT = '1.29.7';

export const upstreamKeepalive: Rule = {
  id: 'reliability/upstream-keepalive',
  severity: 'warning',
  summary: 'an upstream is to keep connections open, but requests to it close them',
  aliases: ['nginx-lint:proxy-keepalive', 'gixy:proxy_pass_keepalive'],
  since: '0.1.0',
  check({ model, target, report }) {
    const kept = keptUpstreams(model.blocks);
    if (kept.size === 0) return;
    const old = !atLeast(target.version, BY_DEFAULT);
    for (const pass of model.named('proxy_pass')) {
      if (pass.block.context === Context.streamServer) continue;
      const word = pass.directive.words[1];
      const host = /^https?:\/\/([^/:?$]+)(?:[/?].*)?$/iu.exec(word?.value ?? '')?.[1]?.toLowerCase();
      const keepalive = host === undefined ? undefined : kept.get(host);
      if (!keepalive) continue;
      const why = whatCloses(pass.block, old);
      if (why === undefined) continue;
      report(pass, `connections to ${host} are not kept open: ${why.message}`, {
        word,
        hint: why.hint,
        related: { message: 'keepalive', item: keepalive },
      });
    }
  },
};

function keptUpstreams(blocks: readonly Block[]): Map<string, Item> {
  const kept = new Map<string, Item>();
  for (const block of blocks) {
    const name = block.directive?.words[1]?.value.toLowerCase();
    const [keepalive] = block.context === Context.upstream ? block.own('keepalive') : [];
    if (name !== undefined && keepalive) kept.set(name, keepalive);
  }
  return kept;
}

/** Why requests from a block end the connections they use. */
function whatCloses(
  block: Block,
  old: boolean,
): { readonly message: string; readonly hint: string } | undefined {
  const version = block.effective('proxy_http_version')[0]?.directive.words[1]?.value;
  if (version === '1.0' || (version === undefined && old))
    return {
      message: 'HTTP/1.0 is spoken to it',
      hint: 'add proxy_http_version 1.1; and proxy_set_header Connection "";',
    };
  const connection = block
    .effective('proxy_set_header')
    .find(({ directive }) => directive.words[1]?.value.toLowerCase() === 'connection');
  const value = connection?.directive.words[2]?.value.toLowerCase();
  if (value === undefined)
    return old
      ? { message: 'each request says Connection: close', hint: 'add proxy_set_header Connection "";' }
      : undefined;
  return value === 'close'
    ? { message: 'each request says Connection: close', hint: 'write proxy_set_header Connection "";' }
    : undefined;
}
