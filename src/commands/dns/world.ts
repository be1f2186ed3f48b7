import type { Route53 } from '../../lib/aws/route53.ts';
import { refuseForeign } from '../../lib/dns/change/foreign.ts';
import { type DnsPlan, planFor } from '../../lib/dns/change/plan.ts';
import { type Observed, observe } from '../../lib/dns/route53/observe.ts';
import type { Invocation } from '../command.ts';
import { type Asked, checkWanted } from './wanted.ts';

/** Route 53, loaded when it is needed, and let go of at the end. */
export async function route53For({ atEnd }: Pick<Invocation, 'atEnd'>): Promise<Route53> {
  const { route53 } = await import('../../lib/aws/route53.ts');
  const api = route53();
  atEnd(async () => api.close());
  return api;
}

/** A zone as it is, and what is to be done to it. */
export interface Looked {
  readonly observed: Observed;
  readonly plan: DnsPlan;
}

/**
 * Judges what is wanted, before any call and then beside what there is, and plans.
 * @throws UserError where checks refuse it, or others keep records of the same name.
 */
export async function look(
  { terminal }: Pick<Invocation, 'terminal'>,
  asked: Asked,
  api: Route53,
  { adopt = false }: { readonly adopt?: boolean } = {},
): Promise<Looked> {
  const { wanted } = asked;
  // what is wrong by itself need not wait for an answer
  checkWanted(asked, [], { ...terminal, note: () => undefined });
  const observed = await observe(api, wanted);
  const plan = planFor(observed, wanted, { adopt });
  checkWanted(asked, plan.difference.others, terminal);
  refuseForeign(plan.difference.foreign, wanted.zone);
  return { observed, plan };
}
