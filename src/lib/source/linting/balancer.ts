import { InvalidInput, type Problem } from '../../errors.ts';
import { withPlaceholders } from '../../balancer/found.ts';
import { readBalancer } from '../../balancer/read.ts';
import { remarksOf } from '../../balancer/remarks/remarks.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { type Source, valueAt } from '../../balancer/source.ts';
import type { Finding } from '../../lint/engine/finding.ts';
import { lint, type LintOptions, pageOf } from '../../lint/engine/lint.ts';
import type { RuleFault } from '../../lint/engine/rule.ts';
import type { Timed } from '../../lint/engine/timing.ts';
import type { SourceFile } from '../../nginx/check/visit.ts';
import { loadConfiguration } from '../../nginx/include/load.ts';
import type { Comment } from '../../nginx/syntax/tree.ts';
import type { LineOrigin } from '../../nginx/write.ts';
import { systemLayout } from '../../render/layout.ts';
import { render } from '../../render/render.ts';
import type { TreeFile } from '../../render/tree.ts';

interface BalancerSettings extends Omit<LintOptions, 'target' | 'context' | 'relocate' | 'beside' | 'files'> {
  /** The NGINX that has to load it, where it is not that of the file. */
  readonly target: LintOptions['target'] | undefined;
}

/**
 * What is wrong with an lb.yaml: what is rendered from it is looked through, and what is found there is told at the
 * value that it comes from. A file that cannot be read as one has findings of `syntax/lb-yaml`.
 * @param name of the file for people.
 */
export function lintBalancer(text: string, name: string, settings: BalancerSettings): Finding[] {
  const { timed = untimed } = settings;
  try {
    const { balancer, source } = timed('lb.yaml', () => readBalancer(text, name));
    return lintRendered(withPlaceholders(balancer), source, name, settings);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map((problem) => unreadable(problem, name));
  }
}

function lintRendered(
  balancer: Balancer,
  source: Source,
  name: string,
  { target, behind, options, severities, rules, timed = untimed }: BalancerSettings,
): Finding[] {
  const { version, plus } = balancer.nginx;
  const { files } = timed('lb.yaml', () => render(balancer, systemLayout(balancer.nginx.user)));
  const texts = new Map(files.map(({ path, content }) => [`${FOLDER}${path}`, content]));
  texts.set(`${FOLDER}release.conf`, RELEASE);
  const loaded = timed('parsing', () =>
    loadConfiguration(
      `${FOLDER}nginx.conf`,
      { read: (one) => texts.get(one), list: () => undefined },
      { shown: (one) => `${RENDERED}${one.slice(FOLDER.length)}` },
    ),
  );
  const yaml = yamlFile(name, source.text);
  const byName = new Map(files.map((file) => [`${RENDERED}${file.path}`, file]));
  const findings = lint(loaded, {
    // a release that is named says nothing of the subscription
    target: target ? { version: target.version, plus: target.plus || plus } : { version, plus },
    behind,
    options,
    severities,
    rules,
    timed,
    // files of the machine and those that travel along are not rendered, and the version in lb.yaml is the oldest that
    // must do, not the one that runs
    relocate: (fault) =>
      fault.rule.endsWith('-include') || (!target && fault.rule.startsWith('cve/'))
        ? undefined
        : relocated(fault, byName, source, yaml),
    beside: remarksOf(balancer).map(({ path, part, message, hint }) => {
      const [start, end] = source.rangeOf(path, part);
      return { rule: 'reliability/lb-yaml', message, hint, file: yaml, start, end };
    }),
    files: [yaml],
  });
  const told = new Set<string>();
  return findings.filter(({ line, column, rule, message }) => {
    // one value may be rendered at several places
    const key = `${line}:${column} ${rule} ${message}`;
    return !told.has(key) && told.add(key);
  });
}

const untimed: Timed = (_what, work) => work();

const FOLDER = '/etc/nginx/';

/** What a release adds to what is rendered: with it the configuration is whole. */
const RELEASE = 'geo $lbctl_release {\n    default 0;\n}\n';

/** In front of names of files that are nowhere on disk; `lbctl generate` prints them. */
const RENDERED = '<rendered>/';

/** lb.yaml as a file with comments alone, which may leave findings alone. */
function yamlFile(name: string, text: string): SourceFile {
  const comments = [...text.matchAll(/(?<=^|\s)#[^\n]*/gmu)].map(({ 0: match, index }): Comment => ({
    kind: 'comment',
    start: index,
    end: index + match.length,
    text: match.replace(/\r$/u, ''),
  }));
  return { name, path: name, document: { text, statements: comments, problems: [] } };
}

function relocated(
  fault: RuleFault,
  files: ReadonlyMap<string, TreeFile>,
  source: Source,
  yaml: SourceFile,
): RuleFault {
  const { text } = fault.file.document;
  const origin = originAt(files.get(fault.file.name), text, fault.start);
  const [start, end] = rangeOf(origin, source);
  const related = fault.related;
  const from = related && originAt(files.get(related.file.name), related.file.document.text, related.start);
  return {
    ...fault,
    file: yaml,
    start,
    end,
    hint: hintOn(fault.rule, source.text.slice(start, end)) ?? fault.hint,
    fix: undefined,
    related: from
      ? { message: related.message, file: yaml, start: rangeOf(from, source)[0] }
      : renderedAs(fault, source.text.slice(start, end)),
  };
}

/** What to write in lb.yaml, where the rule speaks of what one would write for NGINX. */
function hintOn(rule: string, value: string): string | undefined {
  if (rule === 'style/unused-upstream') return 'take it out, or look whether a path should lead to it';
  if (rule !== 'reliability/stale-dns' || !/^[\w.:-]+$/u.test(value)) return undefined;
  return `where its address changes, write { address: ${value}, resolve: true }, which takes nginx: { version: "1.27.3", resolver: [169.254.169.253] } or newer`;
}

/** What a value has become, where that is not what stands there anyway. */
function renderedAs({ file, start }: RuleFault, value: string): RuleFault['related'] {
  const line = lineAt(file.document.text, start);
  return value.includes(line) ? undefined : { message: `rendered as ${line}`, file, start };
}

function originAt(file: TreeFile | undefined, text: string, offset: number): LineOrigin | undefined {
  return file?.origins[text.slice(0, offset).split('\n').length - 1];
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, text.indexOf('\n', offset)).trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** Place of what a line was made of: the stretch of a snippet, the option a directive comes from, or what has it. */
function rangeOf(origin: LineOrigin | undefined, source: Source): readonly [number, number] {
  if (!origin) return [0, 0];
  const { path, inside, directive } = origin;
  if (inside) return source.rangeInside(path, ...inside);
  const keys = KEYS.find(([pattern]) => pattern.test(directive))?.[1] ?? [];
  const key = keys.find((one) => valueAt(source.data, [...path, one]) !== undefined);
  const found = key === undefined ? path : [...path, key];
  const value = valueAt(source.data, found);
  return source.rangeOf(found, typeof value === 'object' && value !== null ? 'key' : 'value');
}

/** Options of lb.yaml by the directives that are rendered from them. */
const KEYS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:proxy|grpc)_(?:connect|send|read)_timeout$|^proxy_timeout$/u, ['timeout', 'connect_timeout']],
  [/^(?:proxy|grpc)_next_upstream/u, ['retries']],
  [/^(?:proxy|grpc)_pass$/u, ['upstream', 'split', 'sni']],
  [/^(?:proxy|grpc)_set_header$/u, ['request_headers']],
  [/_buffering$/u, ['buffering']],
  [/^proxy_(?:cache|no_cache)/u, ['cache']],
  [/^limit_req/u, ['rate_limit']],
  [/^limit_conn/u, ['connection_limit']],
  [/^allow$/u, ['allow']],
  [/^deny$/u, ['deny', 'allow']],
  [/^auth_/u, ['auth']],
  [/^modsecurity/u, ['waf']],
  [/^add_header$/u, ['response_headers', 'hsts']],
  [/^map$/u, ['when', 'hsts', 'sni']],
  [/^split_clients$/u, ['split']],
  [/^return$/u, ['redirect', 'respond']],
  [/^rewrite$/u, ['rewrite']],
  [/^(?:root|index|try_files)$/u, ['static']],
  [/^mirror/u, ['mirror']],
  [/^secure_link/u, ['signed_links']],
  [/^client_max_body_size$/u, ['max_body_size']],
  [/^(?:hash|ip_hash|least_conn|least_time|random)$/u, ['balance', 'sticky']],
  [/^sticky$/u, ['sticky']],
  [/^keepalive/u, ['keepalive']],
  [/^zone$/u, ['zone']],
  [/^server_name$/u, ['host']],
  [/^listen$/u, ['port']],
  [/^(?:set_real_ip_from|real_ip_header)$/u, ['proxy_protocol']],
  [/^health_check$/u, ['health']],
];

function unreadable({ message, hint, span }: Problem, name: string): Finding {
  return {
    rule: 'syntax/lb-yaml',
    severity: 'error',
    message,
    ...(hint === undefined ? {} : { hint }),
    file: name,
    line: span?.line ?? 1,
    column: span?.column ?? 1,
    endLine: span?.endLine ?? 1,
    endColumn: span?.endColumn ?? 1,
    fixable: false,
    url: pageOf('syntax/lb-yaml'),
    sourceLine: span?.sourceLine ?? '',
  };
}
