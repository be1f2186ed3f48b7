import {
  contexts as contextList,
  directives as directiveList,
  forms as formList,
  modules as moduleList,
} from '../data/directives.ts';
import { contextOf } from './contexts.ts';
import { parseVersion, type Version } from '../version.ts';

/** The NGINX that a configuration is meant for. */
export interface Target {
  readonly version: Version;
  /** Whether it is NGINX Plus. */
  readonly plus: boolean;
}

/** One shape of a directive: a name can have several, by module and by release. */
export interface Shape {
  readonly name: string;
  readonly module: string;
  /** Contexts where it may stand, see contexts.ts. */
  readonly contexts: number;
  /** Numbers of arguments that are allowed: digits, or the least number and `+`. */
  readonly counts: string;
  readonly block: boolean;
  readonly flag: boolean;
  readonly origin: 'nginx' | 'plus' | 'third-party';
  /** Whether NGINX Plus had it before the first release named here. */
  readonly earlyInPlus: boolean;
  /** First and last release that have this shape; empty where there is no bound. */
  readonly releases: readonly { readonly first: string; readonly last: string }[];
  /** The usual form of the arguments (`size`, `enum a b`…), or an empty text. */
  readonly form: string;
}

/** Lines by name; made when there are many names to look up, as a short file needs a few of them alone. */
let rows: Map<string, string[]> | undefined;
const decoded = new Map<string, readonly Shape[]>();

/** From so many names on it is quicker to have them all in a table. */
const MANY = 100;

function linesOf(name: string): readonly string[] {
  if (rows ?? decoded.size > MANY) return table().get(name) ?? [];
  const lines: string[] = [];
  if (name.includes('|') || name.includes('\n')) return lines;
  // the lines of one name stand together
  const start = `${name}|`;
  let at = directiveList.startsWith(start) ? 0 : directiveList.indexOf(`\n${start}`) + 1;
  while (directiveList.startsWith(start, at)) {
    const end = directiveList.indexOf('\n', at);
    lines.push(directiveList.slice(at, end < 0 ? undefined : end));
    if (end < 0) break;
    at = end + 1;
  }
  return lines;
}

function table(): Map<string, string[]> {
  if (rows) return rows;
  rows = new Map();
  for (const line of directiveList.split('\n')) {
    const name = line.slice(0, line.indexOf('|'));
    const same = rows.get(name);
    if (same) same.push(line);
    else rows.set(name, [line]);
  }
  return rows;
}

/** All shapes of a directive in every release and edition; none where the name is unknown. */
export function shapesOf(name: string): readonly Shape[] {
  let shapes = decoded.get(name);
  if (!shapes) decoded.set(name, (shapes = linesOf(name).map(decode)));
  return shapes;
}

/** Every name that is known. */
export function directiveNames(): Iterable<string> {
  return table().keys();
}

const [contexts, forms, modules] = [
  contextList.split('|').map(contextOf),
  formList.split('|'),
  moduleList.split('|'),
];

function decode(line: string): Shape {
  const [name = '', module = '', places = '', counts = '', marks = '', releases = '', form = ''] =
    line.split('|');
  let bits = 0;
  for (const place of places) bits |= contexts[Number.parseInt(place, 36)]!;
  return {
    name,
    module: modules[Number.parseInt(module, 36)]!,
    contexts: bits,
    counts,
    block: marks.includes('b'),
    flag: marks.includes('f'),
    origin: marks.includes('p') ? 'plus' : marks.includes('t') ? 'third-party' : 'nginx',
    earlyInPlus: marks.includes('e'),
    releases:
      releases === ''
        ? []
        : releases.split(',').map((range) => {
            const [first = '', last = ''] = range.split('-');
            return { first, last };
          }),
    form: form === '' ? '' : forms[Number.parseInt(form, 36)]!,
  };
}

/** Whether an NGINX has this shape of a directive; modules that are not NGINX's own count as there. */
export function isIn(shape: Shape, target: Target): boolean {
  if (shape.origin === 'plus') return target.plus;
  if (shape.releases.length === 0 || (shape.earlyInPlus && target.plus)) return true;
  const version = parseVersion(target.version);
  return shape.releases.some(
    ({ first, last }) =>
      (first === '' || version >= parseVersion(first)) && (last === '' || version <= parseVersion(last)),
  );
}

/** Whether so many arguments are allowed. NGINX counts as far as seven. */
export function allowsCount({ counts }: Shape, count: number): boolean {
  if (counts.endsWith('+')) return count >= Number(counts.slice(0, -1));
  return count <= 7 && counts.includes(String(count));
}
