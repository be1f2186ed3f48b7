import { parseTemplate } from '../balancer/template.ts';
import type { Context } from './context.ts';

/** `geo` takes its values literally, so this variable is the way to write a dollar sign where variables are read. */
const DOLLAR = '${lbctl_dollar}';

/** A template in NGINX's notation: `$name` stays a variable, `$$` becomes a literal dollar sign. */
export function template(context: Context, text: string): string {
  const parts = parseTemplate(text);
  return parts
    .map((part, index) => {
      if (part.kind === 'text') return literal(context, part.text);
      if (part.kind === 'stray') return literal(context, '$');
      const next = parts[index + 1];
      const glued = next?.kind === 'text' && /^\w/u.test(next.text);
      const name = part.name === 'scheme' ? context.scheme : part.name;
      return glued ? `\${${name}}` : `$${name}`;
    })
    .join('');
}

/** Text without variables, for a directive that would read them. */
export function literal(context: Context, text: string): string {
  if (!text.includes('$')) return text;
  context.shared.add('dollar');
  return text.replaceAll('$', () => DOLLAR);
}
