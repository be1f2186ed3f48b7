import { variableProblem } from '../../nginx/variables.ts';
import type { Fault } from '../fault.ts';
import { isRegex, parsePath } from '../paths.ts';
import type { Balancer, Path as PathOptions, Route } from '../schema/balancer.ts';
import type { Path } from '../place.ts';
import { parseTemplate } from '../template.ts';
import { snippetVariables } from './snippets.ts';

/** A text in which variables are read, and what may stand in it. */
interface Field {
  readonly path: Path;
  readonly text: string;
  /** `$1` to `$9` of a regular expression. */
  readonly captures?: boolean;
  /** The text becomes part of a header, where a line break would start another one. */
  readonly header?: boolean;
  /** Without a variable the text is the same for everybody, which defeats its purpose. */
  readonly key?: boolean;
  /** What the text must start with, and why. */
  readonly start?: readonly [pattern: RegExp, message: string];
}

/** Faults of texts with variables: stray dollar signs, variables that do not exist, texts that are too long. */
export function templateChecks(balancer: Balancer): Fault[] {
  const defined = snippetVariables(balancer);
  return fieldsOf(balancer).flatMap((field) => fieldFaults(balancer, field, defined));
}

function fieldsOf(balancer: Balancer): Field[] {
  const hashes = Object.entries(balancer.upstreams).flatMap(([name, { balance }]) =>
    typeof balance === 'object'
      ? [{ path: ['upstreams', name, 'balance', 'hash'], text: balance.hash, key: true }]
      : [],
  );
  const routes = balancer.routes.flatMap((route, index) => [
    ...policyFields(route, ['routes', index]),
    ...Object.entries(route.paths).flatMap(([key, options]) =>
      pathFields(key, options, ['routes', index, 'paths', key]),
    ),
  ]);
  return [...hashes, ...routes];
}

function policyFields(policies: Route | PathOptions, at: Path): Field[] {
  const { rate_limit: rate, connection_limit: connections, cache } = policies;
  const headers = (key: 'request_headers' | 'response_headers') =>
    Object.entries(policies[key] ?? {}).map(([name, text]) => ({
      path: [...at, key, name],
      text,
      header: true,
    }));
  return [
    ...(rate ? [{ path: [...at, 'rate_limit', 'key'], text: rate.key, key: true }] : []),
    ...(connections ? [{ path: [...at, 'connection_limit', 'key'], text: connections.key, key: true }] : []),
    ...(cache ? [{ path: [...at, 'cache', 'key'], text: cache.key, key: true }] : []),
    ...(cache?.bypass ?? []).map((text, index) => ({
      path: [...at, 'cache', 'bypass', index],
      text,
      key: true,
    })),
    ...headers('request_headers'),
    ...headers('response_headers'),
  ];
}

function pathFields(key: string, options: PathOptions, at: Path): Field[] {
  const pattern = parsePath(key);
  const captures = pattern !== undefined && isRegex(pattern);
  const { redirect, respond, rewrite, split } = options;
  const target = [
    /^\/(?!\/)|^https?:\/\/|^\$/u,
    'must start with /, https://, http:// or a variable',
  ] as const;
  const rewritten = [
    /^\/|^\$(?!scheme)/u,
    'must start with / or a variable; use redirect to send clients elsewhere',
  ] as const;
  return [
    ...policyFields(options, at),
    ...(split ? [{ path: [...at, 'split', 'key'], text: split.key, key: true }] : []),
    ...(redirect
      ? [{ path: [...at, 'redirect'], text: redirect.to, captures, header: true, start: target }]
      : []),
    ...(respond ? [{ path: [...at, 'respond', 'body'], text: respond.body, captures }] : []),
    ...Object.entries(rewrite ?? {}).map(([regex, text]) => ({
      path: [...at, 'rewrite', regex],
      text,
      captures: true,
      start: rewritten,
    })),
  ];
}

/** Variables that hold the decoded path, in which a client can put a line break. */
const DECODED = new Set(['uri', 'document_uri']);

/** NGINX reads no longer token than its buffer of 4,096 bytes. */
const TOKEN_BYTES = 4000;

function fieldFaults({ nginx }: Balancer, field: Field, defined: ReadonlySet<string>): Fault[] {
  const { path, text, captures, header, key, start } = field;
  const parts = parseTemplate(text);
  const faults: Fault[] = [];
  for (const part of parts) {
    if (part.kind === 'text') continue;
    const inside = [part.start, part.end] as const;
    if (part.kind === 'stray') {
      faults.push({ path, inside, message: '$ starts a variable', hint: 'write $$ for a dollar sign' });
    } else if (/^\d+$/u.test(part.name)) {
      if (captures && /^[1-9]$/u.test(part.name)) continue;
      const hint = captures
        ? '$1 to $9 stand for what the parentheses matched'
        : 'write $$ for a dollar sign';
      faults.push({ path, inside, message: `$${part.name} stands for nothing here`, hint });
    } else if (!defined.has(part.name)) {
      const problem = variableProblem(part.name, 'http', nginx.version);
      if (problem)
        faults.push({
          path,
          inside,
          message: problem.message,
          hint: problem.hint ?? 'write $$ for a dollar sign',
        });
    }
    if (part.kind === 'variable' && header && DECODED.has(part.name)) {
      const message = `$${part.name} is decoded and can hold a line break, with which a client writes headers of its own`;
      faults.push({ path, inside, message, hint: 'use $request_uri' });
    }
  }
  if (key && !parts.some((part) => part.kind === 'variable')) {
    faults.push({
      path,
      message: `the key ${JSON.stringify(text)} holds no variable, so it is the same for every request`,
    });
  }
  if (start && !start[0].test(text)) faults.push({ path, message: `${JSON.stringify(text)} ${start[1]}` });
  if (writtenBytes(text) > TOKEN_BYTES) {
    faults.push({
      path,
      message: `the text is too long: NGINX reads at most ${TOKEN_BYTES} bytes at a time`,
      hint: 'serve it as a static file',
    });
  }
  return faults;
}

/** Bytes of a template as it is written out: quotes and backslashes double, `$$` becomes the name of a variable. */
function writtenBytes(text: string): number {
  const written = text.replace(/[\\"]/gu, '\\$&').replaceAll('$$', () => '${lbctl_dollar}');
  return Buffer.byteLength(written);
}
