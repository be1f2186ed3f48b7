import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Severities } from '../../lint/engine/lint.ts';
import { BEHIND, type Behind } from '../../lint/engine/rule.ts';
import { readSelection, type Selection } from '../../lint/engine/selection.ts';
import { nearest } from '../../nearest.ts';
import { contextNames, contextOf } from '../../nginx/directives/contexts.ts';
import { NEWEST_STABLE, VERSION } from '../../nginx/version.ts';
import { type FixMode, fixModeOf } from './fix-mode.ts';
import type { LintRc } from './lbctlrc.ts';
import type { LintSettings } from './run.ts';
import { isPipe } from '../nginx-files.ts';
import { pathMatcher } from './path-patterns.ts';

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** How a run of lint was asked for, by options and by .lbctlrc.yaml. */
export interface LintRequest {
  readonly settings: LintSettings;
  readonly selection: Selection;
  /** Files, folders and patterns to look at. */
  readonly operands: readonly string[];
  readonly fromStdin: boolean;
  /** What is read in the place of stdin: a path such as /dev/fd/63. */
  readonly pipe: string | undefined;
  /** Whether what has one safe answer is mended. */
  readonly fix: FixMode | undefined;
  /** The file of the findings that are known. */
  readonly baseline: BaselineUse | undefined;
  /** Tell of changed lines alone: against the last commit, or since a branch left a revision. */
  readonly changed: { readonly revision: string | undefined } | undefined;
}

interface BaselineUse {
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** Whether what is found now becomes known. */
  readonly update: boolean;
}

interface Invocation {
  readonly args: readonly string[];
  readonly options: Options;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads options and, where there is one, .lbctlrc.yaml. Options win.
 * @throws UserError `usage` or `input`, InvalidInput with the places in .lbctlrc.yaml.
 */
export async function readLintSettings({ args, options, cwd, env }: Invocation): Promise<LintRequest> {
  const { operands, fromStdin, pipe, changed } = await inputOf({ args, options, cwd });
  const rc = await rcFor({ options, cwd, env });
  const flags = { ...rc?.flags, ...options };
  const { target, context, plus, behind } = flags;
  const selection = readSelection(flags);
  return {
    settings: {
      target: {
        version: typeof target === 'string' ? versionOf(target) : NEWEST_STABLE,
        plus: plus === true,
      },
      isTargetNamed: typeof target === 'string',
      behind: typeof behind === 'string' ? behindNamed(behind) : undefined,
      context: typeof context === 'string' ? contextNamed(context) : undefined,
      cwd,
      ...(rc
        ? {
            severities: wanted(rc.severities, selection),
            options: rc.options,
            ignored: rc.ignore.length > 0 ? pathMatcher(rc.ignore, rc.folder) : undefined,
          }
        : {}),
    },
    selection,
    operands,
    fromStdin,
    pipe,
    fix: fixModeOf(options, fromStdin),
    baseline: baselineOf(flags, cwd),
    changed,
  };
}

/** What is to be looked at. */
async function inputOf({
  args,
  options,
  cwd,
}: Omit<Invocation, 'env'>): Promise<Pick<LintRequest, 'operands' | 'fromStdin' | 'pipe' | 'changed'>> {
  const { changed } = options;
  const revision = typeof changed === 'string' ? await revisionOf(changed, cwd) : undefined;
  // `--changed nginx.conf` is meant as it is written
  const operands = typeof changed === 'string' && revision === undefined ? [changed, ...args] : args;
  const [only = ''] = operands.length === 1 ? operands : [];
  const pipe = only !== '' && isPipe(only, cwd) ? resolve(cwd, only) : undefined;
  const fromStdin = options['stdin'] === true || only === '-' || pipe !== undefined;
  if (operands.length === 0 && !fromStdin) {
    throw new UserError('usage', 'no-files', 'lint needs files to look at', {
      hint: existsSync(resolve(cwd, 'lb.yaml'))
        ? 'lbctl lint lb.yaml, lbctl lint /etc/nginx/nginx.conf, lbctl lint conf.d, or nginx -T | lbctl lint -'
        : 'lbctl lint /etc/nginx/nginx.conf, lbctl lint conf.d, lbctl lint lb.yaml, or nginx -T | lbctl lint -',
    });
  }
  if (fromStdin && pipe === undefined ? operands.some((one) => one !== '-') : operands.includes('-')) {
    throw new UserError('usage', 'stdin-or-files', 'stdin and files cannot be looked at in one run', {
      hint: 'leave out the files, or --stdin and -',
    });
  }
  if (fromStdin && changed !== undefined)
    throw new UserError('usage', 'changed-stdin', 'of stdin git knows no changed lines', {
      hint: 'name files, or leave out --changed',
    });
  return { operands, fromStdin, pipe, changed: changed === undefined ? undefined : { revision } };
}

/** The revision that is named behind `--changed`; undefined where a file or a pattern stands there. */
async function revisionOf(name: string, cwd: string): Promise<string | undefined> {
  const isFile = existsSync(resolve(cwd, name)) || name === '-' || /[*?[]/u.test(name);
  if (!isFile) return name;
  const { isRevision } = await import('./changed-lines.ts');
  if (!isRevision(cwd, name)) return undefined;
  throw new UserError('usage', 'file-or-revision', `${name} is both a file and a revision`, {
    hint: `write ./${name} for the file, or refs/heads/${name} for the branch`,
  });
}

function baselineOf(flags: Options, cwd: string): BaselineUse | undefined {
  const { baseline, updateBaseline, only, severity, changed } = flags;
  const update = updateBaseline === true;
  if (update && (only ?? severity ?? changed) !== undefined)
    throw new UserError('usage', 'part-of-baseline', '--update-baseline takes all findings', {
      hint: 'leave out --only, --severity and --changed',
    });
  if (typeof baseline === 'string') {
    const path = resolve(cwd, baseline);
    const inside = relative(cwd, path);
    return { path, name: inside.startsWith('..') ? path : inside, update };
  }
  if (!update) return undefined;
  throw new UserError('usage', 'no-baseline', '--update-baseline needs to know which file', {
    hint: '--baseline lint-baseline.json --update-baseline',
  });
}

/** A rule that is asked for by its name speaks, whatever .lbctlrc.yaml says. */
function wanted(severities: Severities, { only }: Selection): Severities {
  return Object.fromEntries(
    Object.entries(severities).filter(([rule, severity]) => severity !== 'off' || !only.includes(rule)),
  );
}

/** YAML is loaded for those who have a .lbctlrc.yaml. */
async function rcFor({ options, cwd, env }: Omit<Invocation, 'args'>): Promise<LintRc | undefined> {
  const { config } = options;
  if (config === false) return undefined;
  const named = typeof config === 'string' ? config : env['LBCTL_CONFIG'];
  const path = named ? resolve(cwd, named) : rcAbove(cwd);
  if (path === undefined) return undefined;
  const { readLintRc } = await import('./lbctlrc.ts');
  return readLintRc(path, cwd);
}

/** The nearest .lbctlrc.yaml from a folder upwards; that of another repository is none. */
function rcAbove(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, '.lbctlrc.yaml');
    if (existsSync(path)) return path;
    if (existsSync(join(folder, '.git')) || folder === dirname(folder)) return undefined;
  }
}

function versionOf(text: string): string {
  if (VERSION.test(text)) return text;
  throw new UserError('usage', 'bad-version', `${text} is no version of NGINX`, {
    hint: 'such as --target 1.30',
  });
}

function behindNamed(name: string): Behind {
  const known = BEHIND.find((one) => one === name);
  if (known) return known;
  const close = nearest(name, BEHIND);
  throw new UserError('usage', 'bad-behind', `--behind does not know ${name}`, {
    hint: close === undefined ? `it knows ${BEHIND.join(', ')}` : `did you mean ${close}?`,
  });
}

function contextNamed(name: string): number {
  const context = contextOf(name);
  if (context !== 0 && name !== 'any') return context;
  const close = nearest(name, contextNames());
  throw new UserError('usage', 'bad-context', `there is no context ${name}`, {
    hint: close === undefined ? `contexts are ${contextNames().join(', ')}` : `did you mean ${close}?`,
  });
}
