import { planAlarms } from '../../lib/metrics/alarms/plan.ts';
import type { Invocation, Outcome } from '../command.ts';
import { carryOut } from './carry-out.ts';
import { look } from './look.ts';
import { refuseStack } from './stack.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const sight = await look(invocation);
  refuseStack(sight.loaded);
  const steps = planAlarms([], sight.existing);
  await carryOut(invocation, sight, steps, { question: 'Remove these alarms?', notes: [] });
  return 0;
}
