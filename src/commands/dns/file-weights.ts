import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseSource } from '../../lib/balancer/source.ts';
import { canonical } from '../../lib/dns/names.ts';
import { type RecordSet, shown } from '../../lib/dns/record.ts';
import type { Weights } from '../../lib/dns/shift.ts';
import { withWeights } from '../../lib/dns/weights-in-file.ts';
import { FLAGS } from '../../lib/dns/wanted/wanted.ts';
import type { Io } from '../../lib/io.ts';
import { loadBalancer, type Loaded } from '../../lib/source/load.ts';
import { writeFileWhole } from '../../lib/source/replace-file.ts';
import type { Invocation } from '../command.ts';

/** The weights as lb.yaml has them, so that the next apply brings back no others. */
export interface FileWeights {
  /** What is to be known before anything moves. */
  readonly remark: string | undefined;
  /** Whether it says something else. */
  differsFrom(weights: Weights): boolean;
  /** Writes what serves from now on; what cannot be written, `tell` says. */
  keep(weights: Weights): Promise<void>;
  /** Says what has become of the file. @returns whether it is another one than before. */
  tell(io: Pick<Io, 'notify'>): boolean;
}

/** Where the weights of a record come from: lb.yaml, flags, or a balancer that is none of ours here. */
export async function fileWeights(
  invocation: Invocation,
  { Name }: Pick<RecordSet, 'Name'>,
  owner: string | undefined,
): Promise<FileWeights> {
  const loaded = typeof invocation.options['zone'] === 'string' ? undefined : await loadBalancer(invocation);
  const entry = loaded && loaded.balancer.name === owner ? entryOf(loaded, Name) : undefined;
  if (loaded && entry) return inFile(loaded, entry);
  const isBalancers = owner !== undefined && owner !== FLAGS;
  return {
    remark: isBalancers
      ? `${shown(Name)} is kept by balancer ${owner}: write the weights into its lb.yaml, too, or its next apply brings back the old ones`
      : undefined,
    differsFrom: () => false,
    keep: async () => undefined,
    tell: () => false,
  };
}

interface Entry {
  /** Path of its answers in lb.yaml. */
  readonly at: readonly (string | number)[];
  readonly weights: Weights;
}

function entryOf({ balancer: { dns } }: Loaded, name: string): Entry | undefined {
  if (!dns) return undefined;
  const entries = [
    { entry: dns, at: ['dns'] },
    ...dns.records.map((entry, index) => ({ entry, at: ['dns', 'records', index] })),
  ];
  for (const { entry, at } of entries) {
    const { answers, policy } = entry;
    if (policy !== 'weighted' || canonical(entry.name ?? dns.zone) !== name) continue;
    if (typeof answers !== 'object' || Array.isArray(answers)) continue;
    const weights = Object.fromEntries(Object.entries(answers).map(([id, { weight = 1 }]) => [id, weight]));
    return { at: [...at, 'answers'], weights };
  }
  return undefined;
}

function inFile({ file, folder }: Loaded, { at, weights: first }: Entry): FileWeights {
  const path = join(folder, basename(file));
  let now = first;
  let meant: Weights = {};
  let trouble: string | undefined;
  let isWritten = false;
  return {
    remark: undefined,
    differsFrom: (weights) => Object.entries(weights).some(([id, weight]) => now[id] !== weight),
    async keep(weights) {
      meant = { ...meant, ...weights };
      try {
        // somebody may have edited it while clients were moved
        const current = parseSource(await readFile(path, 'utf8'), file);
        const text = withWeights({ source: current, file }, at, meant);
        trouble = text === undefined ? 'it is laid out in a way that lbctl cannot edit safely' : undefined;
        if (text === undefined) return;
        if (text !== current.text) {
          await writeFileWhole(path, text);
          isWritten = true;
        }
        now = { ...now, ...meant };
      } catch (error) {
        trouble = (error as Error).message;
      }
    },
    tell({ notify }) {
      const words = Object.entries(meant).map(([id, weight]) => `${id} ${weight}`);
      if (trouble !== undefined)
        notify({
          kind: 'warn',
          text: `${file} does not have the weights: ${trouble}; write them there by hand, or the next apply brings back the old ones: ${words.join(', ')}`,
        });
      const isChanged = isWritten && Object.entries(meant).some(([id, weight]) => first[id] !== weight);
      if (isChanged && trouble === undefined)
        notify({ kind: 'done', text: `${file} has the weights as they serve: ${words.join(', ')}` });
      return isChanged;
    },
  };
}
