import type { Item, Model } from '../../model/model.ts';
import type { Behind } from '../../engine/rule.ts';
import type { Origin } from '../../model/values/origins.ts';
import { namesIn } from '../../model/values/names-in.ts';

/** Headers by which proxies tell who asked, and how; in variables. */
const FORWARDED =
  /^http_(?:forwarded|x_forwarded_(?:for|proto|host|port|scheme|ssl)|x_real_ip|x_client_ip)$/u;

/** Those that an Application Load Balancer writes, whatever the client wrote. */
const BY_ALB = new Set(['http_x_forwarded_for', 'http_x_forwarded_proto', 'http_x_forwarded_port']);

/** Whether a header that proxies set is the client's own, as what stands in front leaves it alone. */
export function isLeftToClients(variable: string, behind: Behind | undefined): boolean {
  return behind !== undefined && FORWARDED.test(variable) && !(behind === 'alb' && BY_ALB.has(variable));
}

/** The `map` and `geo` blocks of http by the names of their variables, without the dollar sign and in lower case. */
export function tablesOf(model: Model): Map<string, Item[]> {
  const tables = new Map<string, Item[]>();
  for (const item of [...model.named('map'), ...model.named('geo')]) {
    const [name] = namesIn(item.directive.words.at(-1)!.value);
    if (name === undefined) continue;
    const same = tables.get(name);
    if (same) same.push(item);
    else tables.set(name, [item]);
  }
  return tables;
}

/** Whether the tables on the way of a value hand on what they do not know; one that names what it takes does not. */
export function isUnfiltered(
  { variable, through }: Origin,
  tables: ReadonlyMap<string, readonly Item[]>,
  model: Model,
): boolean {
  return through.every((step, index) => {
    const made = tables.get(step.slice(1));
    const next = through[index + 1]?.slice(1) ?? variable;
    const handsOn = ({ directive: { words } }: Item): boolean =>
      (words[0]!.value === 'default' || words[0]!.value.startsWith('~')) &&
      namesIn(words[1]?.value ?? '').includes(next);
    return !made || made.some((table) => model.rows(table).some(handsOn));
  });
}
