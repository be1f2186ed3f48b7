import { InvalidInput } from '../errors.ts';
import { check } from './check.ts';
import { explain, type Fault, knownKeys, locate } from './explain.ts';
import { type Balancer, balancerSchema } from './schema/balancer.ts';
import { parseSource, type Source } from './source.ts';

/** A balancer with the text that it was read from. */
export interface ReadBalancer {
  readonly balancer: Balancer;
  readonly source: Source;
  /** An error that shows faults found later, such as in the files that lb.yaml names, at their places. */
  invalid(faults: readonly Fault[]): InvalidInput;
}

/**
 * Reads the text of lb.yaml: shape, values and what must fit together.
 * @param file name for messages.
 * @throws InvalidInput with every problem that was found, each with its place.
 */
export function readBalancer(text: string, file: string): ReadBalancer {
  const source = parseSource(text, file);
  const invalid = (faults: readonly Fault[]) => new InvalidInput(file, inOrder(locate(faults, source)));
  const parsed = balancerSchema.safeParse(source.data, { error: knownKeys });
  if (!parsed.success) throw invalid(explain(parsed.error.issues, source.data));
  const faults = check(parsed.data);
  if (faults.length > 0) throw invalid(faults);
  return { balancer: parsed.data, source, invalid };
}

function inOrder(problems: ReturnType<typeof locate>): ReturnType<typeof locate> {
  return problems.toSorted((a, b) => a.span!.line - b.span!.line || a.span!.column - b.span!.column);
}
