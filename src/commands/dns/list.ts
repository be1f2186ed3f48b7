import { isOwnership, readOwnership } from '../../lib/dns/change/ownership.ts';
import { lineOf } from '../../lib/dns/change/lines.ts';
import { canonical } from '../../lib/dns/names.ts';
import { shown } from '../../lib/dns/record.ts';
import { findZone, recordsOf } from '../../lib/dns/route53/observe.ts';
import { renderRecords } from '../../lib/ui/records.ts';
import type { Invocation, Outcome } from '../command.ts';
import { zoneMeant } from './wanted.ts';
import { route53For } from './world.ts';

/** `--json`: `{schemaVersion, zone, id, records: [{owner, set}]}`; `set` is in Route 53's own form. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const meant = await zoneMeant(invocation);
  const api = await route53For(invocation);
  const zone = await findZone(api, meant.zone, meant.isPrivate);
  const all = await recordsOf(api, zone);
  const { ownerOf } = readOwnership(all);
  const name = typeof options['name'] === 'string' ? canonical(options['name']) : undefined;
  const records = all
    .filter((set) => !isOwnership(set) && (name === undefined || set.Name === name))
    .map((set) => ({ owner: ownerOf(set) ?? null, set }));
  if (terminal.json) terminal.printJson({ zone: shown(zone.name), id: zone.id, records });
  else {
    const rows = records.map(({ owner, set }) => ({ owner, line: lineOf(set) }));
    terminal.print(renderRecords(`${shown(zone.name)} (${zone.id})`, rows, terminal.style));
  }
  return 0;
}
