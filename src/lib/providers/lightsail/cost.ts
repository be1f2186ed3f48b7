import type { Decision } from './decide.ts';
import type { Wanted } from './wanted.ts';
import type { RegionWorld } from './world.ts';

/** An amount as it is shown. */
export function dollars(amount: number): string {
  return `${amount.toFixed(2)} USD`;
}

/** What the balancer costs once the plan is done, and what that is more than now; nothing where prices are not known. */
export function costNotes(
  wanted: Wanted,
  decided: readonly { readonly world: RegionWorld; readonly decision: Decision }[],
): string[] {
  let [before, after, count] = [0, 0, 0];
  for (const { world, decision } of decided) {
    const price = (bundle: string): number => world.prices.get(bundle) ?? Number.NaN;
    for (const { bundle } of [...decision.keep, ...decision.drop]) before += price(bundle);
    for (const { bundle } of decision.keep) after += price(bundle);
    after += decision.make.length * (world.catalogue?.bundle?.price ?? 0);
    count += decision.keep.length + decision.make.length;
  }
  if (Number.isNaN(before + after) || before === after) return [];
  const instances = count === 1 ? 'one instance' : `${count} instances`;
  const change =
    before === 0 ? '' : `, ${dollars(Math.abs(after - before))} ${after > before ? 'more' : 'less'} than now`;
  return [
    `${instances} for ${dollars(after)} a month${change}; traffic beyond what is included${wanted.snapshots === null ? '' : ', and snapshots,'} cost extra`,
  ];
}
