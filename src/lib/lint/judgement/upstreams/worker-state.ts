import { type Fix, insertInside } from '../../fixes/fix.ts';
import type { Model } from '../../model/model.ts';
import type { Upstream } from '../../model/network/upstreams.ts';

/** An upstream of which each worker knows what it has seen itself. */
interface PerWorker {
  readonly upstream: Upstream;
  /** How many workers there are, as it is written. */
  readonly workers: string;
  /** Puts its state where all workers see it; undefined where a safe name or size is not plain. */
  readonly fix: () => Fix | undefined;
}

/** Upstreams whose state several workers do not share. */
export function* upstreamsPerWorker(model: Model): Generator<PerWorker> {
  const workers = severalWorkers(model);
  if (workers === undefined) return;
  const fixOf = zoneFixes(model);
  for (const upstream of model.upstreams.values())
    if (upstream.block.own('zone').length === 0) yield { upstream, workers, fix: () => fixOf(upstream) };
}

/** How many there are; undefined where it is one, or stands in a part that is not known. */
function severalWorkers(model: Model): string | undefined {
  const count = model.top.own('worker_processes')[0]?.directive.words[1]?.value;
  return count === undefined || /^0*1$/u.test(count) ? undefined : count;
}

/** So many servers surely find room in 64k. */
const ROOM = 16;

function zoneFixes(model: Model): (upstream: Upstream) => Fix | undefined {
  let taken: Set<string> | undefined;
  return ({ name, item, servers, stream }) => {
    if (!model.whole || !/^[\w.-]+$/u.test(name) || servers.length > ROOM) return undefined;
    // http and stream have their zones in one space of names
    const zone = stream && model.upstreams.has(name.toLowerCase()) ? `stream_${name}` : name;
    taken ??= zonesIn(model);
    if (taken.has(zone)) return undefined;
    return { title: `add zone ${zone} 64k;`, edits: [insertInside(item, `zone ${zone} 64k;`)] };
  };
}

/** Names of shared memory that are taken: `zone web 64k`, `keys_zone=web:10m`, `shared:web:10m`. */
function zonesIn(model: Model): Set<string> {
  const found = new Set<string>();
  for (const { directive } of model.items) {
    if (/^(?:zone|\w+_shared_dict)$/u.test(directive.name)) found.add(directive.words[1]?.value ?? '');
    for (const { value } of directive.words) {
      const name = /(?:zone=|shared:)([^:]+)/u.exec(value)?.[1];
      if (name !== undefined) found.add(name);
    }
  }
  return found;
}
