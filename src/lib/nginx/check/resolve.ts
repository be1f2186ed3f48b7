import { contextOf, namesOf } from '../directives/contexts.ts';
import { directiveNames, isIn, shapesOf, type Shape, type Target } from '../directives/knowledge.ts';
import { parseVersion } from '../version.ts';

/** What a name means in a context: its shapes, the likeliest first, or why it cannot stand there. */
export type Resolution =
  | { readonly shapes: readonly Shape[] }
  | { readonly rule: string; readonly message: string; readonly hint?: string | undefined };

/** Finds the name that was probably meant. */
type Near = (word: string, candidates: Iterable<string>) => string | undefined;

/** Looks up a directive in a context of a target. */
export function resolve(name: string, context: number, target: Target, near: Near): Resolution {
  const all = shapesOf(name);
  if (all.length === 0) return unknown(name, context, target, near);
  const present = all.filter((shape) => isIn(shape, target));
  if (present.length === 0) return absent(name, all, target);
  const here = present.filter((shape) => (shape.contexts & context) !== 0);
  if (here.length > 0) return { shapes: here };
  const elsewhere = all.find((shape) => (shape.contexts & context) !== 0);
  if (elsewhere) return absent(name, [elsewhere], target, ` in ${describe(context)}`);
  const contexts = present.reduce((bits, shape) => bits | shape.contexts, 0);
  return {
    rule: 'syntax/context',
    message: `${name} cannot stand in ${describe(context)}`,
    hint: `it stands in ${list(namesOf(contexts))}`,
  };
}

function unknown(name: string, context: number, target: Target, near: Near): Resolution {
  const candidates = function* (): Generator<string> {
    for (const candidate of directiveNames())
      if (shapesOf(candidate).some((shape) => isIn(shape, target) && (shape.contexts & context) !== 0))
        yield candidate;
  };
  const close = near(name, candidates()) ?? near(name, directiveNames());
  const shown = name.length > 60 ? `${name.slice(0, 57)}…` : name;
  if (name.startsWith('\u{FEFF}') || name.startsWith('ï»¿')) {
    return {
      rule: 'syntax/byte-order-mark',
      message: 'the file starts with a byte order mark, which NGINX takes for a part of the first word',
      hint: 'save the file as UTF-8 without a byte order mark',
    };
  }
  // what stands behind the { of a regular expression such as a{2} is read as a directive
  const repetition = /^\d+,?\d*\}/u.test(name)
    ? 'put quotes around a regular expression that holds { and }'
    : undefined;
  return {
    rule: 'syntax/unknown-directive',
    message: `there is no directive ${shown === '' ? '(empty)' : shown}`,
    hint: close === undefined ? repetition : `did you mean ${close}?`,
  };
}

function absent(name: string, shapes: readonly Shape[], target: Target, where = ''): Resolution {
  const version = parseVersion(target.version);
  const releases = shapes.flatMap((shape) => shape.releases);
  const first = releases
    .map((range) => range.first)
    .filter((release) => release !== '' && parseVersion(release) > version)
    .toSorted((a, b) => parseVersion(a) - parseVersion(b))[0];
  const last = releases
    .map((range) => range.last)
    .filter((release) => release !== '' && parseVersion(release) < version)
    .toSorted((a, b) => parseVersion(b) - parseVersion(a))[0];
  if (shapes.every(({ origin }) => origin === 'plus')) {
    return {
      rule: 'syntax/unknown-directive',
      message: `${name} belongs to NGINX Plus${where}`,
      hint: 'the target is the open source edition; check with --plus if it is NGINX Plus',
    };
  }
  if (first !== undefined)
    return {
      rule: 'syntax/unknown-directive',
      message: `${name} is there${where} since NGINX ${first}, the target is ${target.version}`,
      hint: `check with --target ${first} if the target is newer`,
    };
  return {
    rule: 'syntax/unknown-directive',
    message: `${name} is gone${where} since the release behind NGINX ${last ?? '1.18'}, the target is ${target.version}`,
    hint: REPLACED[name],
  };
}

/** What took the place of directives that went. */
const REPLACED: Readonly<Record<string, string>> = {
  ssl: 'write listen … ssl',
  http2_push: 'push is gone from HTTP/2; early_hints came in its place with 1.29.0',
  http2_push_preload: 'push is gone from HTTP/2; early_hints came in its place with 1.29.0',
  http2_max_field_size: 'use large_client_header_buffers',
  http2_max_header_size: 'use large_client_header_buffers',
  http2_max_requests: 'use keepalive_requests',
  http2_idle_timeout: 'use keepalive_timeout',
  http2_recv_timeout: 'use client_header_timeout',
};

/** A context in words. */
export function describe(context: number): string {
  const [name = 'this block'] = namesOf(context);
  if (context === contextOf('main')) return 'the main context';
  return name.includes('.') ? `${name.replace('.', "'s ")}` : name;
}

function list(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? 'no other place';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
