import { stepOf } from '../../lib/dns/change/lines.ts';
import { isOwnership } from '../../lib/dns/change/ownership.ts';
import { undoing } from '../../lib/dns/change/undo.ts';
import { shown } from '../../lib/dns/record.ts';
import { makeChanges } from '../../lib/dns/route53/apply.ts';
import { findZone, recordsOf } from '../../lib/dns/route53/observe.ts';
import { restored } from '../../lib/dns/route53/restore.ts';
import { forget, lastSaved } from '../../lib/dns/saved.ts';
import { Aborted, UserError } from '../../lib/errors.ts';
import { renderPlan, stepsDocument } from '../../lib/ui/plan.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Invocation, Outcome } from '../command.ts';
import { zoneMeant } from './wanted.ts';
import { route53For } from './world.ts';

/** `--json`: `{schemaVersion, zone, changed, steps, summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const meant = await zoneMeant(invocation);
  const api = await route53For(invocation);
  const zone = await findZone(api, meant.zone, meant.isPrivate);
  const title = shown(zone.name);
  const last = lastSaved(env, zone.id);
  if (!last)
    throw new UserError('failed', 'nothing-to-undo', `nothing was changed in ${title} from here`, {
      hint: 'what was changed elsewhere is taken back there, or by an lb.yaml of before: lbctl dns apply',
    });
  const sets = await recordsOf(api, zone);
  const { changes, conflicts } = undoing(last.saved.changes, sets);
  if (conflicts.length > 0)
    throw new UserError(
      'failed',
      'changed-meanwhile',
      `these records of ${title} have been changed since ${last.saved.at}; nothing was taken back`,
      {
        evidence: conflicts,
        hint: 'see what there is: lbctl dns list; and bring what is wanted: lbctl dns apply',
      },
    );
  const steps = changes.filter(({ before, after }) => ![...before, ...after].every(isOwnership)).map(stepOf);
  terminal.note(renderPlan({ balancer: title, provider: 'Route 53', steps }, terminal.noteStyle));
  if (changes.length > 0) {
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm(`Take back what was changed in ${title} at ${last.saved.at}?`)))
        throw new Aborted('nothing was changed');
      const whole = await restored(changes, last.saved, { api, io });
      await makeChanges({ changes: whole }, { zone, sets }, { api, io });
    });
  }
  forget(last.file);
  if (terminal.json)
    terminal.printJson({
      zone: title,
      changed: steps.length > 0,
      ...stepsDocument(steps),
    });
  return 0;
}
