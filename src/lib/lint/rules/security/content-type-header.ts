import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

const HIDES = ['proxy', 'fastcgi', 'uwsgi', 'scgi', 'grpc'].map((name) => `${name}_hide_header`);

export const contentTypeHeader: Rule = {
  id: 'security/content-type-header',
  severity: 'warning',
  summary: 'answers have two Content-Type headers',
  aliases: ['gixy:add_header_content_type'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('add_header')) {
      const [, name, value] = item.directive.words;
      if (!isContentType(name?.value) || !value || value.value === '' || hasNoOther(item.block)) continue;
      report(item, 'this adds a second Content-Type, and clients choose one of the two', {
        word: name,
        hint: 'say default_type, or types for files; with proxy_hide_header Content-Type where a server behind says another',
      });
    }
  },
};

function isContentType(name: string | undefined): boolean {
  return name?.toLowerCase() === 'content-type';
}

/** Whether NGINX sends no type of its own: an answer without content has none, nor one whose type was taken away. */
function hasNoOther(block: Block): boolean {
  const [answer] = block.own('return');
  if (/^(?:204|304)$/u.test(answer?.directive.words[1]?.value ?? '')) return true;
  if (block.effective('default_type')[0]?.directive.words[1]?.value === '') return true;
  return HIDES.some((hide) => block.effective(hide).some(hidesType));
}

function hidesType({ directive }: Item): boolean {
  return isContentType(directive.words[1]?.value);
}
