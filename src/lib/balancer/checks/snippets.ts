import type { Built, BuiltStatement, Word } from '../../nginx/build.ts';
import { readFragment } from '../../nginx/fragment.ts';
import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';
import { snippetsOf } from '../snippets.ts';

/** Longest piece that NGINX reads at a time, in bytes. */
const TOKEN_BYTES = 4000;

/** Faults of snippets: text that is not a list of whole directives. */
export function snippetChecks(balancer: Balancer): Fault[] {
  return snippetsOf(balancer).flatMap(({ path, text }) => {
    const read = readFragment(text);
    if ('problem' in read) {
      const { message, start, end } = read.problem;
      return [{ path, message, inside: [start, end] }];
    }
    if (text.includes('\0')) return [{ path, message: 'the snippet holds a NUL character' }];
    const long = directives(read.statements)
      .flatMap(({ name, args }) => [name, ...args])
      .find((word) => Buffer.byteLength(rawOf(word)) > TOKEN_BYTES);
    return long === undefined
      ? []
      : [{ path, message: `a word is longer than ${TOKEN_BYTES} bytes, which NGINX does not read` }];
  });
}

/** Which argument of a directive names the variable that it defines; -1 is the last. */
const DEFINES: Readonly<Record<string, number>> = {
  set: 0,
  map: 1,
  split_clients: 1,
  geo: -1,
  auth_request_set: 0,
  js_set: 0,
  js_var: 0,
  perl_set: 0,
};

/** Names of the variables that snippets define, without the dollar sign. */
export function snippetVariables(balancer: Balancer): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { text } of snippetsOf(balancer)) {
    const read = readFragment(text);
    if ('problem' in read) continue;
    for (const { name, args } of directives(read.statements)) {
      const place = DEFINES[rawOf(name)];
      const variable = place === undefined ? undefined : args.at(place);
      if (variable !== undefined) names.add(rawOf(variable).replace(/^["']?\$\{?(\w+).*$/su, '$1'));
      for (const arg of args) {
        for (const [, group] of rawOf(arg).matchAll(/\(\?P?[<'](\w+)[>']/gu)) names.add(group!);
      }
    }
  }
  return names;
}

function directives(statements: readonly BuiltStatement[]): Built[] {
  return statements.flatMap((statement) =>
    statement.kind === 'directive' ? [statement, ...directives(statement.block ?? [])] : [],
  );
}

function rawOf(word: Word): string {
  return typeof word === 'string' ? word : word.raw;
}
