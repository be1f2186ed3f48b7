import { InvalidInput } from '../errors.ts';
import { check } from './check.ts';
import { foreignKeys } from './checks/provider.ts';
import { type Fault, locate } from './fault.ts';
import { type Balancer, balancerSchema } from './schema/balancer.ts';
import { INVALID } from './shape/kind.ts';
import type { Path } from './place.ts';
import { parseSource, type Source, valueAt } from './source.ts';

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
  const invalid = (faults: readonly Fault[]) => new InvalidInput(file, locate(faults, source));
  const foreign = foreignKeys(source.data);
  const data = without(
    source.data,
    foreign.map(({ path: [key] }) => key),
  );
  const faults: Fault[] = [];
  const balancer = balancerSchema.read(data, [], faults);
  if (balancer === INVALID || balancer === undefined)
    throw invalid([...foreign, ...faults, ...furtherFaults(data, faults)]);
  faults.push(...foreign);
  faults.push(...check(balancer));
  if (faults.length > 0) throw invalid(faults);
  return { balancer, source, invalid };
}

function without(data: unknown, keys: readonly string[]): unknown {
  if (keys.length === 0) return data;
  return Object.fromEntries(Object.entries(data as object).filter(([key]) => !keys.includes(key)));
}

/** How often what is still incomplete is taken out with what it belongs to: a server, its upstream, the routes. */
const ROUNDS = 3;

/**
 * What does not fit together in the rest, when some values are wrong by themselves: they are taken out, and if a
 * balancer is left it is checked too, so that all is told at once. That something taken out is missing is no fault.
 */
function furtherFaults(data: unknown, faults: readonly Fault[]): Fault[] {
  const rest = structuredClone(data);
  const removed = new Set<string>();
  const places: Path[] = [];
  let wrong = faults.map(({ path }) => path);
  for (let round = 0; round < ROUNDS; round++) {
    for (const path of wrong) {
      removeValue(rest, path);
      places.push(path);
      removed.add(JSON.stringify(path.at(-1)));
    }
    const incomplete: Fault[] = [];
    const balancer = balancerSchema.read(rest, [], incomplete);
    if (balancer !== INVALID && balancer !== undefined) {
      const found = check(balancer).filter(
        ({ message, lacks }) =>
          ![...removed].some((name) => message.includes(name)) &&
          !(lacks && places.some((path) => lacks.every((key, index) => path[index] === key))),
      );
      // names that exist are listed in hints, and some are missing now
      return found.map((fault) => (fault.hint?.startsWith('there ') ? { ...fault, hint: undefined } : fault));
    }
    wrong = incomplete.map(({ path }) => path.slice(0, -1));
  }
  return [];
}

function removeValue(data: unknown, path: Path): void {
  const parent = valueAt(data, path.slice(0, -1));
  // taking an item out of a list would move the others to places that they do not have in the file
  if (typeof parent === 'object' && parent !== null && !Array.isArray(parent))
    Reflect.deleteProperty(parent, path.at(-1)!);
}
