import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isOwnership } from '../../lib/dns/change/ownership.ts';
import { canonical } from '../../lib/dns/names.ts';
import { findZone, recordsOf } from '../../lib/dns/route53/observe.ts';
import { writeBind } from '../../lib/dns/text/bind-write.ts';
import { writeJson } from '../../lib/dns/text/json.ts';
import { UserError } from '../../lib/errors.ts';
import type { Invocation, Outcome } from '../command.ts';
import { zoneMeant } from './wanted.ts';
import { route53For } from './world.ts';

/** Prints records, or writes them into a file: JSON, or the form of BIND. With `--json` the document of `list`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, cwd } = invocation;
  const out = typeof options['out'] === 'string' ? options['out'] : undefined;
  const format = options['format'] ?? (out !== undefined && !out.endsWith('.json') ? 'bind' : 'json');
  if (format !== 'json' && format !== 'bind')
    throw new UserError('usage', 'no-such-format', `there is no form ${String(format)}`, {
      hint: 'the forms are json and bind',
    });
  const meant = await zoneMeant(invocation);
  const api = await route53For(invocation);
  const zone = await findZone(api, meant.zone, meant.isPrivate);
  const name = typeof options['name'] === 'string' ? canonical(options['name']) : undefined;
  const sets = (await recordsOf(api, zone)).filter(
    (set) => !isOwnership(set) && (name === undefined || set.Name === name),
  );
  const text = format === 'json' ? writeJson(sets) : writeBind(zone.name, sets);
  if (out !== undefined) {
    writeFileSync(resolve(cwd, out), text);
    terminal.note(`${sets.length} records are in ${out}`);
  }
  if (terminal.json)
    terminal.printJson({ zone: zone.name, format, file: out ?? null, ResourceRecordSets: sets });
  else if (out === undefined) terminal.printDocument(text);
  return 0;
}
