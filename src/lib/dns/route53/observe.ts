import type { Collection, HealthCheck, HostedZone, Route53 } from '../../aws/route53.ts';
import { UserError } from '../../errors.ts';
import { canonical } from '../names.ts';
import { type RecordSet, shown } from '../record.ts';
import { ownerPrefix } from '../wanted/health.ts';
import { FLAGS, type Wanted } from '../wanted/wanted.ts';

/** A zone as it is. */
export interface Observed {
  readonly zone: HostedZone;
  readonly sets: readonly RecordSet[];
  /** Health checks of the account. */
  readonly checks: readonly HealthCheck[];
  /** Networks of the owner, and of flags. */
  readonly collections: readonly Collection[];
}

/**
 * The hosted zone of a name.
 * @throws UserError `failed` where there is none, or several.
 */
export async function findZone(api: Route53, name: string, isPrivate: boolean): Promise<HostedZone> {
  const title = shown(canonical(name));
  const found = await api.zonesNamed(canonical(name));
  const [zone, ...others] = found.filter((zone) => zone.isPrivate === isPrivate);
  const kind = isPrivate ? 'private' : 'public';
  if (!zone) {
    const other = found.length > 0 ? `, but a ${isPrivate ? 'public' : 'private'} one` : '';
    throw new UserError('failed', 'no-zone', `there is no ${kind} hosted zone ${title}${other}`, {
      hint:
        found.length > 0
          ? 'say which one is meant: --private, or private: in lb.yaml'
          : 'see what there is: aws route53 list-hosted-zones, and whose account this is: aws sts get-caller-identity',
    });
  }
  if (others.length > 0)
    throw new UserError(
      'failed',
      'several-zones',
      `there are ${others.length + 1} ${kind} hosted zones ${title}`,
      {
        evidence: [zone, ...others].map(({ id }) => id),
        hint: 'lbctl works on a zone whose name there is once: delete those that no registrar leads to',
      },
    );
  return zone;
}

/** The records of a zone. */
export async function recordsOf(api: Route53, zone: HostedZone): Promise<readonly RecordSet[]> {
  return (await api.recordSets(zone.id)) as readonly RecordSet[];
}

/** All that a plan needs to know. */
export async function observe(api: Route53, wanted: Wanted): Promise<Observed> {
  const zone = await findZone(api, wanted.zone, wanted.isPrivate);
  const sets = await recordsOf(api, zone);
  const prefixes = [wanted, { ...wanted, owner: FLAGS }].map(ownerPrefix);
  // what a run that was killed has left is in no record
  return {
    zone,
    sets,
    checks: await api.healthChecks(),
    collections: await api.collections((name) => prefixes.some((prefix) => name.startsWith(prefix))),
  };
}
