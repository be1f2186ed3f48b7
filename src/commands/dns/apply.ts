import type { Route53 } from '../../lib/aws/route53.ts';
import type { Change } from '../../lib/dns/change/diff.ts';
import { guard } from '../../lib/dns/change/guard.ts';
import { shown } from '../../lib/dns/record.ts';
import { apply } from '../../lib/dns/route53/apply.ts';
import { save, type Saved } from '../../lib/dns/saved.ts';
import { Aborted } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import { renderPlan, stepsDocument } from '../../lib/ui/plan.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Invocation, Outcome } from '../command.ts';
import { type Asked, askedFor } from './wanted.ts';
import { look, type Looked, route53For } from './world.ts';

/** `--json`: `{schemaVersion, zone, changed, steps, summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  return applyAsked(invocation, await askedFor(invocation));
}

/** Shows what is to be done, asks, and does it. */
export async function applyAsked(
  invocation: Invocation,
  asked: Asked,
  { adopt = false }: { readonly adopt?: boolean } = {},
): Promise<Outcome> {
  const { terminal, options } = invocation;
  const api = await route53For(invocation);
  const looked = await look(invocation, asked, api, { adopt });
  const { steps, difference } = looked.plan;
  const zone = shown(asked.wanted.zone);
  terminal.note(renderPlan({ balancer: zone, provider: 'Route 53', steps }, terminal.noteStyle));
  if (steps.length > 0) {
    if (options['force'] !== true) guard(difference);
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm(`Change the records of ${zone}?`))) throw new Aborted('nothing was changed');
      await carryOut(invocation, asked, looked, { api, io, adopt });
    });
  }
  if (terminal.json)
    terminal.printJson({
      zone,
      changed: steps.length > 0,
      ...stepsDocument(steps),
    });
  return 0;
}

/** Does what was planned, and keeps what was there. */
export async function carryOut(
  { env }: Pick<Invocation, 'env'>,
  { wanted }: Asked,
  { observed, plan }: Looked,
  { api, io, adopt = false }: { readonly api: Route53; readonly io: Io; readonly adopt?: boolean },
): Promise<void> {
  await apply(plan, observed, wanted, {
    api,
    io,
    adopt,
    save: (changes) =>
      save(env, {
        zone: observed.zone,
        at: new Date().toISOString(),
        changes,
        checks: checksIn(changes, observed.checks),
        collections: collectionsIn(changes, observed.collections),
      }),
  });
}

/** Health checks that changes take from records, by id. */
function checksIn(changes: readonly Change[], checks: Looked['observed']['checks']): Saved['checks'] {
  const used = new Set(
    changes.flatMap(({ Action, ResourceRecordSet: { HealthCheckId } }) =>
      Action === 'DELETE' ? (HealthCheckId ?? []) : [],
    ),
  );
  return Object.fromEntries(
    checks.filter(({ id }) => used.has(id)).map(({ id, reference, config }) => [id, { reference, config }]),
  );
}

/** Networks that changes take from records, by id. */
function collectionsIn(
  changes: readonly Change[],
  collections: Looked['observed']['collections'],
): NonNullable<Saved['collections']> {
  const used = new Set(
    changes.flatMap(({ Action, ResourceRecordSet: { CidrRoutingConfig } }) =>
      Action === 'DELETE' ? (CidrRoutingConfig?.CollectionId ?? []) : [],
    ),
  );
  return Object.fromEntries(
    collections.filter(({ id }) => used.has(id)).map(({ id, name, locations }) => [id, { name, locations }]),
  );
}
