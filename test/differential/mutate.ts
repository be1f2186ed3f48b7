import { directiveNames, shapesOf, type Shape } from '../../src/lib/nginx/directives/knowledge.ts';
import { parse } from '../../src/lib/nginx/syntax/parse.ts';
import type { Directive, Statement } from '../../src/lib/nginx/syntax/tree.ts';
import type { Random } from './random.ts';

/** Changes a configuration in one or two places, so that it stays nearly right. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let count = random.below(4) === 0 ? 2 : 1; count > 0; count--) mutated = once(mutated, random);
  return mutated;
}

type Mutation = (text: string, random: Random) => string;

const WORDS =
  `on off 0 1 2 10 99999999999999999999 -1 1.5 4k 8k 16m 1g 64k 1s 30s 500ms 1h 1d 2M 1y 1w2d "1m 30s" any all none default
  $host $uri $nosuch $request_uri $args $1 \${host} \${host $ "$" a-b example.com *.example.com .example.com a..b ~^a ~( ~[ "" ''
  127.0.0.1 127.0.0.1:80 [::1] [::1]:8080 [:: 0.0.0.0/0 10.0.0.0/8 10.0.0.0/33 ::/0 unix: unix:/tmp/s.sock 80 65535 65536 *:80
  http://127.0.0.1 https://127.0.0.1/ http:// http://127.0.0.1:0 /x / @named = ~ ~* ^~ =404 =200 200 301 404 499 600 999 1000
  last break permanent redirect always transparent zone=a:1m zone=a zone=one:10m rate=1r/s burst=5 nodelay keys_zone=c:1m max=10
  weight=2 weight=0 max_fails=x backup down resolve ssl http2 udp reuseport default_server backlog=1 proxy_protocol bind
  combined main json escape=json buffer=4k flush=1s gzip if=$host stderr syslog:server=127.0.0.1 error debug warn
  TLSv1.2 SSLv2 GET POST http_500 timeout error updating "^(.*)$" "(?<n>a)" "a{2" "[z-a]" "(?<host>a)" \\\\d+ a\\;b`.split(
    /\s+/u,
  );

const CHARACTERS = [
  ';',
  '{',
  '}',
  '"',
  "'",
  '\\',
  '#',
  '$',
  ' ',
  '\n',
  '\t',
  '(',
  ')',
  '~',
  '*',
  '/',
  ':',
  '=',
  'x',
  '0',
];

const LINES: Mutation[] = [
  (text, random) => edit(text.split('\n'), random, (lines, at) => lines.splice(at, 1)),
  (text, random) => edit(text.split('\n'), random, (lines, at) => lines.splice(at, 0, lines[at]!)),
  (text, random) =>
    edit(text.split('\n'), random, (lines, at) => lines.splice(at, 0, lines[random.below(lines.length)]!)),
];

function edit(lines: string[], random: Random, change: (lines: string[], at: number) => void): string {
  change(lines, random.below(lines.length));
  return lines.join('\n');
}

const TEXTS: Mutation[] = [
  (text, random) => splice(text, random.below(text.length), 1, ''),
  (text, random) => splice(text, random.below(text.length), 0, random.pick(CHARACTERS)),
  (text, random) => splice(text, random.below(text.length), 1, random.pick(CHARACTERS)),
  (text, random) => text.slice(0, random.below(text.length)),
];

function splice(text: string, at: number, remove: number, insert: string): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}

function once(text: string, random: Random): string {
  const kind = random.below(16);
  if (kind === 0) return random.pick(TEXTS)(text, random);
  if (kind === 1) return random.pick(LINES)(text, random);
  const directives = directivesOf(parse(text).statements);
  if (directives.length === 0) return text;
  return random.pick(DIRECTIVES)(text, random.pick(directives), random, directives);
}

type Change = (text: string, directive: Directive, random: Random, all: readonly Directive[]) => string;

const replaceWord: Change = (text, { words }, random) => {
  const word = random.pick(words.slice(words.length > 1 ? 1 : 0));
  return splice(text, word.start, word.raw.length, random.pick(WORDS));
};

const DIRECTIVES: Change[] = [
  replaceWord,
  replaceWord,
  replaceWord,
  // part of a word
  (text, { words }, random) => {
    const word = random.pick(words);
    const at = word.start + random.below(word.raw.length);
    return random.below(2) === 0 ? splice(text, at, 1, '') : splice(text, at, 0, random.pick(CHARACTERS));
  },
  // a word more or less
  (text, { words }, random) => {
    const word = random.pick(words);
    return splice(text, word.start, 0, `${random.pick(WORDS)} `);
  },
  (text, { words }, random) => {
    const word = random.pick(words);
    return splice(text, word.start, word.raw.length, '');
  },
  // another name
  (text, { words }, random) =>
    splice(text, words[0]!.start, words[0]!.raw.length, random.pick([...directiveNames()])),
  // the same directive elsewhere
  (text, directive, random, all) => {
    const target = random.pick(all);
    const moved = text.slice(directive.start, directive.end);
    return splice(text, target.start, 0, `${moved}\n`);
  },
  (text, { start, end }) => text.slice(0, start) + text.slice(end),
  // a new directive, among those that may stand there
  addDirective,
  addDirective,
  addDirective,
  addDirective,
  addDirective,
];

function addDirective(text: string, { start, words }: Directive, random: Random): string {
  const places = shapesOf(words[0]!.value).reduce((bits, { contexts }) => bits | contexts, 0);
  const names = [...directiveNames()].filter((name) =>
    shapesOf(name).some(({ contexts, origin }) => origin === 'nginx' && (contexts & places) !== 0),
  );
  return names.length === 0 ? text : splice(text, start, 0, `${newDirective(random.pick(names), random)}\n`);
}

/** A directive with as many words as it takes, of which some are right. */
function newDirective(name: string, random: Random): string {
  const shape = random.pick(shapesOf(name));
  const words = [shape.name];
  for (let count = countFor(shape, random); count > 0; count--) words.push(valueFor(shape, random));
  return words.join(' ') + (shape.block ? ' { }' : ';');
}

function countFor({ counts }: Shape, random: Random): number {
  if (random.below(20) === 0) return random.below(4);
  if (counts.endsWith('+')) return Number(counts.slice(0, -1)) + random.below(2);
  return Number(random.pick([...counts]) ?? 0);
}

function valueFor({ form, flag }: Shape, random: Random): string {
  if (random.below(6) === 0) return random.pick(WORDS);
  if (flag) return random.pick(['on', 'off']);
  const [kind, ...values] = form.split(' ');
  if (kind === 'enum' || kind === 'bits') return random.pick(values);
  const pool = VALUES[kind!];
  return pool ? random.pick(pool) : random.pick(WORDS);
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  num: ['1', '4', '500'],
  size: ['4k', '64k', '1m', '512'],
  off: ['4k', '1g'],
  msec: ['1s', '500ms', '1m'],
  sec: ['1s', '1h', '1d'],
};

function directivesOf(statements: readonly Statement[]): Directive[] {
  return statements.flatMap((one) =>
    one.kind === 'directive' && one.words[0]!.raw !== ''
      ? [one, ...directivesOf(one.block?.statements ?? [])]
      : [],
  );
}
