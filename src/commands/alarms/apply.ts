import type { Invocation, Outcome } from '../command.ts';
import { carryOut, costLine } from './carry-out.ts';
import { look, stepsFor } from './look.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const sight = await look(invocation);
  const { steps, monthly } = stepsFor(sight);
  await carryOut(invocation, sight, steps, { question: 'Change these alarms?', notes: [costLine(monthly)] });
  return 0;
}
