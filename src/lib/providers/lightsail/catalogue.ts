import { UserError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import type { Wanted } from './wanted.ts';
import type { RegionWorld } from './world.ts';

/**
 * Makes sure that what is to be made can be had.
 * @throws UserError `failed` with what there is instead.
 */
export function checkCatalogue(wanted: Wanted, { region, catalogue }: RegionWorld): void {
  const { blueprint, bundle, blueprints, bundles, zones } = catalogue!;
  if (!blueprint?.active)
    throw gone('blueprint', wanted.blueprint, region, blueprint !== null, blueprints, 'get-blueprints');
  if (!bundle?.active) throw gone('bundle', wanted.bundle, region, bundle !== null, bundles, 'get-bundles');
  if (bundle.power < blueprint.minPower)
    throw new UserError(
      'failed',
      'bundle-too-small',
      `${wanted.blueprint} needs a larger bundle than ${bundle.id}`,
      { hint: 'write a larger one into lb.yaml, such as lightsail: { bundle: small }' },
    );
  if (!bundle.hasIpv4)
    throw new UserError(
      'failed',
      'no-ipv4',
      `instances of the bundle ${bundle.id} have IPv6 addresses alone, and most clients would not reach them`,
      { hint: `take ${bundle.id.replace('_ipv6', '')}` },
    );
  const missing = wanted.zones?.find((letter) => !zones.includes(`${region}${letter}`));
  if (missing !== undefined)
    throw new UserError('failed', 'no-such-zone', `${region} has no zone ${missing}`, {
      hint: `there are ${zones.map((zone) => zone.slice(-1)).join(', ')}: write them into zones of lightsail`,
    });
}

function gone(
  kind: 'blueprint' | 'bundle',
  id: string,
  region: string,
  retired: boolean,
  others: readonly string[],
  command: string,
): UserError {
  const close = nearest(id, others);
  const family = others.filter((other) => other.split('_')[0] === id.split('_')[0]);
  const instead = close ?? (family.length > 0 ? family.join(' or ') : undefined);
  return new UserError(
    'failed',
    `no-such-${kind}`,
    `the ${kind} ${id} ${retired ? 'cannot be had any longer' : 'does not exist'} in ${region}`,
    {
      hint: `${instead === undefined ? 'take another one' : `take ${instead}`}; all: aws lightsail ${command} --region ${region}`,
    },
  );
}
