import type { Finding } from '../../lint/engine/finding.ts';
import type { Seen } from '../../lint/fixes/fixing.ts';
import { select } from '../../lint/engine/selection.ts';
import { readFiles } from '../include-files.ts';
import { type Gone, narrowed } from './narrow.ts';
import { lintSteps, lintText, type LintResult, type LintSettings, type Means } from './run.ts';
import type { LintRequest } from './settings.ts';
import { isBalancer, type NginxFile } from '../nginx-files.ts';
import { decode, encode } from '../nginx-text.ts';

/** What a run looks at: files, or the text from stdin with the path that it would have. */
export interface LintInput {
  readonly list: readonly NginxFile[];
  readonly stdin: { readonly path: string; readonly bytes: Buffer } | undefined;
}

/** What one look at the files found. */
export interface Looked extends LintResult, Seen {
  /** Those that a baseline holds; undefined without one. */
  readonly known: readonly Finding[] | undefined;
  /** What the baseline holds in vain. */
  readonly gone: readonly Gone[] | undefined;
  /** How many findings were written into the baseline; undefined where it was left as it is. */
  readonly written: number | undefined;
}

/** Goes through work in steps, each of which says what it does. */
type Walk = (steps: Generator<string, LintResult>) => LintResult | Promise<LintResult>;

/**
 * Looks at all that is asked for once, and tells what is wanted of the findings.
 * @param texts what stands in the place of some files' own, by their paths.
 */
export async function lookAt(
  { list, stdin }: LintInput,
  request: LintRequest,
  settings: LintSettings,
  { walk, texts }: { readonly walk: Walk; readonly texts: ReadonlyMap<string, string> },
): Promise<Looked> {
  const result = stdin
    ? lintText(withText(stdin.bytes, texts.get(stdin.path)), settings)
    : await walk(lintSteps(list, settings, { machine: readFiles(texts), ...(await balancersIn(list)) }));
  const { wanted, known, gone, written } = await narrowed(result, request, { list, texts });
  const { selection } = request;
  return {
    ...result,
    all: result.findings,
    told: select(wanted, selection),
    known: known && select(known, selection),
    gone,
    written,
  };
}

/** Loaded for those who have an lb.yaml: YAML and what renders it takes time. */
async function balancersIn(list: readonly NginxFile[]): Promise<Pick<Means, 'lintBalancer'>> {
  return list.some(isBalancer) ? import('./balancer.ts') : { lintBalancer: undefined };
}

function withText(bytes: Buffer, text: string | undefined): Buffer {
  return text === undefined ? bytes : encode({ text, encoding: decode(bytes).encoding });
}
