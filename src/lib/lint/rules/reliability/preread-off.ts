import { Context } from '../../../nginx/directives/contexts.ts';
import { namesIn } from '../../model/values/names-in.ts';
import type { Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const prereadOff: Rule = {
  id: 'reliability/preread-off',
  severity: 'warning',
  summary: 'connections that are told apart by what nobody has read',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const sources = sourcesOf(model);
    for (const pass of model.named('proxy_pass')) {
      const { block } = pass;
      if (block.context !== Context.streamServer) continue;
      const name = prereadIn(pass.directive.words[1]?.value ?? '', sources);
      const on = block.effective('ssl_preread')[0]?.directive.words[1]?.value.toLowerCase() === 'on';
      if (name === undefined || on || !model.isKnown(block)) continue;
      report(pass, `all connections go one way: $${name} is empty, as ssl_preread is off`, {
        hint: 'add ssl_preread on; or where TLS ends in this server, go by $ssl_server_name',
      });
    }
  },
};

/** What the maps of stream look at, by the variable that they make. */
function sourcesOf(model: Model): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { block, directive } of model.named('map')) {
    const [, source, variable] = directive.words;
    if (block.context === Context.stream && source && variable)
      sources.set(variable.value.slice(1).toLowerCase(), source.value);
  }
  return sources;
}

/** A variable of ssl_preread that a text depends on. */
function prereadIn(text: string, sources: ReadonlyMap<string, string>, depth = 0): string | undefined {
  for (const name of namesIn(text)) {
    if (name.startsWith('ssl_preread_')) return name;
    const source = depth < DEEPEST ? sources.get(name) : undefined;
    const found = source === undefined ? undefined : prereadIn(source, sources, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** So many maps that look at each other are followed. */
const DEEPEST = 5;
