import { describe, expect, test } from 'vitest';
import { type Item, type Model, modelOf } from '../../../../../src/lib/lint/model/model.ts';
import { holds } from '../../../../../src/lib/lint/regex/characters.ts';
import { Context } from '../../../../../src/lib/nginx/directives/contexts.ts';
import { loadConfiguration } from '../../../../../src/lib/nginx/include/load.ts';
import { cpuTime } from '../../../../support/cpu-time.ts';

function modelFor(text: string): Model {
  const files = { read: () => text, list: () => undefined };
  return modelOf(loadConfiguration('/nginx.conf', files), Context.main);
}

/** What is known where `probe` stands, which is asked for with `add_header probe`, or in order with `return 200`. */
function probe(text: string): { readonly model: Model; readonly item: Item; readonly value: string } {
  const model = modelFor(text);
  const item =
    model.named('add_header').find(({ directive }) => directive.words[1]?.value === 'probe') ??
    model.named('return').find(({ directive }) => directive.words[1]?.value === '200') ??
    model.named('proxy_pass')[0]!;
  return { model, item, value: item.directive.words.at(-1)!.value };
}

/** Origins in short: `uri` for what can hold a line feed, `uri~` for what cannot; those of the client alone. */
function origins(text: string): string[] {
  const { model, item, value } = probe(text);
  return model.variables
    .origins(value, item)
    .filter(({ client }) => client)
    .map(({ variable, lineBreaks, through }) => [...through, `${variable}${lineBreaks ? '' : '~'}`].join(' '))
    .toSorted();
}

const server = (...lines: string[]): string => `http { server { ${lines.join(' ')} } }`;

describe('origins', () => {
  test.each([
    ['what was decoded', 'add_header probe $uri;', ['uri']],
    ['what stands in the request line', 'add_header probe $request_uri;', ['request_uri~']],
    ['a header', 'add_header probe "a${http_x}b";', ['http_x~']],
    ['what is not of the client', 'add_header probe $upstream_http_x$remote_addr$status;', []],
    ['a set', 'set $a $arg_x; add_header probe $a;', ['$a arg_x~']],
    ['a chain', 'set $a $arg_x; set $b "x$a"; add_header probe $b;', ['$b $a arg_x~']],
    ['itself', 'set $a "$a$arg_x"; add_header probe $a;', ['$a arg_x~']],
    ['the last set', 'set $a $arg_x; set $a b; add_header probe $a;', []],
    [
      'a set that may not be done',
      'set $a $arg_x; if ($b) { set $a b; } add_header probe $a;',
      ['$a arg_x~'],
    ],
    ['what is set in an if', 'set $a b; if ($c) { set $a $arg_x; } add_header probe $a;', ['$a arg_x~']],
    ['what is set later', 'return 200 $a; set $a $arg_x;', []],
    ['what is set before', 'set $a $arg_x; return 200 $a; set $a b;', ['$a arg_x~']],
    ['a location of its own', 'set $a $arg_x; location / { set $a b; add_header probe $a; }', []],
    ['the server', 'set $a $arg_x; location / { add_header probe $a; }', ['$a arg_x~']],
    [
      'another location',
      'location /a { set $a $arg_x; } location /b { add_header probe $a; }',
      ['$a arg_x~'],
    ],
    ['another server', '} server { set $a $arg_x; } server { set $a b; add_header probe $a;', []],
    ['what a subrequest said', 'auth_request_set $a $upstream_http_x; add_header probe $a;', []],
  ])('%s', (_, lines, expected) => {
    expect(origins(server(lines))).toEqual(expected);
  });

  test.each([
    ['a table of constants', 'map $arg_x $a { default a; ~^b c; }', 'add_header probe $a;', []],
    [
      'the default of a table',
      'map $arg_x $a { default $arg_x; b c; }',
      'add_header probe $a;',
      ['$a arg_x~'],
    ],
    ['a group in a table', 'map $uri $a { ~^/(.*)$ $1; }', 'add_header probe $a;', ['$a $1 uri~']],
    [
      'a group that takes line ends',
      'map $uri $a { ~^/([^/]*)/ $1; }',
      'add_header probe $a;',
      ['$a $1 uri'],
    ],
    [
      'a group with a name',
      'map $uri $a { ~^/(?<Part>[^/]*)/ 1; }',
      'add_header probe $part;',
      ['$part uri'],
    ],
    [
      'a table of what is set',
      'map $b $a { default ""; ~(.*) $1; }',
      'set $b $arg_x; add_header probe $a;',
      ['$a $1 $b arg_x~'],
    ],
    [
      'names of hosts',
      'map $http_host $a { hostnames; *.b.c $http_host; }',
      'add_header probe $a;',
      ['$a http_host~'],
    ],
    ['shares', 'split_clients $arg_x $a { 50% a; * b; }', 'add_header probe $a;', []],
    ['addresses', 'geo $a { default a; }', 'add_header probe $a;', []],
  ])('%s', (_, tables, lines, expected) => {
    expect(origins(`http { ${tables} server { ${lines} } }`)).toEqual(expected);
  });

  test.each([
    ['of a location', 'location ~ ^/([^/]+)/ { add_header probe $1; }', ['$1 uri']],
    ['without line ends', 'location ~ ^/(\\w+)/ { add_header probe $1; }', ['$1 uri~']],
    ['that is not there', 'location ~ ^/(\\w+)/ { add_header probe $2; }', []],
    ['with a name', 'location ~ ^/(?<a>[^/]+)/ { add_header probe $a; }', ['$a uri']],
    ['of the server', 'server_name ~^(.+)\\.a$; location / { add_header probe $1; }', ['$1 host~']],
    ['of a condition', 'if ($arg_x ~ (.*)) { add_header probe $1; }', ['$1 arg_x~']],
    [
      'of a rewrite before',
      'location ~ ^/(\\w+)/ { rewrite ^/([^/]+)/a /b; return 200 $1; }',
      ['$1 uri', '$1 uri~'],
    ],
    [
      'of a rewrite that ends it',
      'location ~ ^/(\\w+)/ { rewrite ^/([^/]+)/a /b last; return 200 $1; }',
      ['$1 uri~'],
    ],
    ['of a location around', 'location ~ ^/([^/]+)/ { location /a/ { add_header probe $1; } }', ['$1 uri']],
    ['that set escapes', 'location ~ ^/([^/]+)/ { set $a $1; add_header probe $a; }', ['$a $1 uri~']],
    [
      'that set escapes no more',
      'location ~ ^/([^/]+)/ { rewrite ^/x /y; set $a $1; add_header probe $a; }',
      ['$a $1 uri'],
    ],
    [
      'with a name that set leaves as it is',
      'location ~ ^/(?<n>[^/]+)/ { set $a $n; add_header probe $a; }',
      ['$a $n uri'],
    ],
  ])('a group %s', (_, lines, expected) => {
    expect(origins(server(lines))).toEqual(expected);
  });

  test.each([
    ['location = /a { add_header probe $uri; }', '$uri of one path', ''],
    ['location ~ ^/[a-z]+$ { add_header probe $uri; }', 'of a few characters', 'abcz/'],
    ['if ($uri ~ "[\\r\\n]") { return 400; } add_header probe $uri;', 'without some', 'abcz./:%'],
    [
      'location ~ ^/[a-z]+$ { rewrite ^ /$arg_x break; add_header probe $uri; }',
      'that is changed',
      'abcz./:%\n',
    ],
    ['if ($arg_x !~ ^[a-z]+$) { return 403; } add_header probe $arg_x;', 'that is looked at', 'abcz'],
    ['return 200 $arg_x; if ($arg_x ~ a) { return 403; }', 'that is looked at too late', 'abcz./:%'],
    ['location ~ ^/([^/]+)/ { set $a $1; add_header probe $a; }', 'that is escaped', 'abcz.:%'],
  ])('%s knows a value %s', (lines, _, possible) => {
    const { model, item, value } = probe(server(lines));
    const held = model.variables.origins(value, item).reduce((set, { characters }) => set | characters, 0n);
    const all = [...'abcz./:%\n'].filter((char) => holds(held, char));
    if (possible === '')
      expect(model.variables.origins(value, item).some(({ canBe }) => canBe('/b'))).toBe(false);
    else expect(all).toEqual([...'abcz./:%\n'].filter((char) => possible.includes(char)));
  });

  test('variables of stream are apart', () => {
    const { model, item } = probe(
      'stream { map $ssl_preread_server_name $a { default b; } server { proxy_pass $a; } } http { map $arg_x $a { default $arg_x; } }',
    );
    expect(model.variables.origins('$a', item)).toEqual([]);
    expect(model.variables.isMade('a', item)).toBe(true);
    expect(model.variables.isMade('b', item)).toBe(false);
  });
});

describe('what a client can make of a value', () => {
  const can = (text: string, wanted: string): boolean => {
    const { model, item, value } = probe(text);
    return model.variables.origins(value, item).some(({ canBe }) => canBe(wanted));
  };

  test.each([
    [server('return 200 $arg_x;'), true],
    [server('return 200 $uri;'), false],
    [server('if ($arg_x !~ ^(a|b)$) { return 403; } return 200 $arg_x;'), false],
    [server('if ($arg_x !~ b) { return 403; } return 200 $arg_x;'), false],
    [server('if ($arg_x !~ e) { return 403; } return 200 $arg_x;'), true],
    [server('if ($arg_x != b) { return 403; } return 200 $arg_x;'), false],
    [server('if ($arg_x = "") { return 403; } return 200 $arg_x;'), true],
    [server('if ($arg_x = a) { return 200 $arg_x; }'), false],
    [server('if ($arg_x !~ ^b$) { set $c d; } return 200 $arg_x;'), true],
    [server('return 200 $arg_x; if ($arg_x !~ ^b$) { return 403; }'), true],
    [server('if ($arg_x !~ ^b$) { return 403; } location / { return 200 $arg_x; }'), false],
    [server('location / { if ($arg_x !~ ^b$) { return 403; } location /a { return 200 $arg_x; } }'), true],
    [server('set $a "b.$arg_x"; if ($a !~ ^b\\.evil) { return 403; } return 200 $a;'), true],
    [server('set $a "b.$arg_x"; if ($a !~ ^b\\.c) { return 403; } return 200 $a;'), false],
    [server('location ~ ^/(a|b)/ { return 200 $1; }'), false],
    [server('location ~ ^/([^/]+)/ { return 200 $1; }'), true],
    [server('location ~ ^/(?<x>(?!a)[^/]+)/ { return 200 $x; }'), true],
    [`http { map $http_x $a { ~^https://b$ $http_x; } ${server('return 200 $a;').slice(7)}`, false],
    [`http { map $http_x $a { ~evil $http_x; } ${server('return 200 $a;').slice(7)}`, true],
    [`http { map $http_x $a { b $http_x; } ${server('return 200 $a;').slice(7)}`, false],
    [`http { server { listen 80; } server { listen 80; server_name a.b; return 200 $host; } }`, false],
    [`http { server { listen 80; server_name a.b; return 200 $host; } }`, true],
    [`http { server { listen 80; } server { listen 80; server_name *.evil; return 200 $host; } }`, false],
    [`http { server { listen 80; } server { listen 80; server_name .evil; return 200 $host; } }`, true],
    [`http { server { listen 81; } server { listen 80; server_name a.b; return 200 $host; } }`, true],
    [
      `http { server { listen 80; } server { listen 80 default_server; server_name a.b; return 200 $host; } }`,
      true,
    ],
  ])('%s: evil is possible: %s', (text, expected) => {
    expect(can(text, 'evil')).toBe(expected);
  });
});

test('forms are texts with what is put between them', () => {
  const { model, item, value } = probe(
    'http { map $arg_x $a { default "http://$arg_x"; b http://b; } server { set $b "$a/"; return 200 "$b-$uri"; } }',
  );
  const forms = model.variables
    .forms(value, item)
    .map((form) => form.map((piece) => (typeof piece === 'string' ? piece : `<${piece.variable}>`)).join(''));
  expect(forms.toSorted()).toEqual(['http://<arg_x>/-<uri>', 'http://b/-<uri>']);
});

describe('time grows with the length', () => {
  const COUNT = 4000;
  const numbers = Array.from({ length: COUNT }, (_, number) => number);
  test.each([
    [
      'a chain of sets',
      server(...numbers.map((n) => `set $a${n + 1} $a${n}$a${n};`), `add_header probe $a${COUNT};`),
    ],
    [
      'a chain of tables',
      `http { ${numbers.map((n) => `map $a${n} $a${n + 1} { default $a${n}; ~(.*) $1; }`).join(' ')} server { add_header probe $a${COUNT}; } }`,
    ],
    [
      'one variable',
      server(...numbers.map((n) => `set $a $a$arg_${n};`), ...numbers.map(() => 'add_header probe $a;')),
    ],
    ['in order', server(...numbers.map((n) => `set $a "$arg_${n}"; rewrite ^/(a) /$a;`))],
    [
      'a long table',
      `http { map $arg_x $a { ${numbers.map((n) => `~^${n}(.*) $1$a;`).join(' ')} } server { ${numbers.map(() => 'add_header probe $a;').join(' ')} } }`,
    ],
    [
      'many conditions',
      server(
        ...numbers.map((n) => `if ($arg_x ~ ${n}) { return 403; }`),
        ...numbers.map(() => 'add_header probe $arg_x;'),
      ),
    ],
    [
      'locations in locations',
      server('location ~ ^/(a) {'.repeat(COUNT), 'add_header probe $1$uri;', '}'.repeat(COUNT)),
    ],
    [
      'groups of one name',
      server(...numbers.map((n) => `location ~ ^/${n}/(?<a>.*) { add_header probe $a; }`)),
    ],
  ])('with %s', (_, text) => {
    const model = modelFor(text);
    const started = cpuTime();
    for (const name of ['add_header', 'set', 'rewrite'])
      for (const item of model.named(name)) {
        const value = item.directive.words[2]?.value ?? '';
        model.variables.origins(value, item);
        model.variables.forms(value, item);
      }
    expect(cpuTime() - started).toBeLessThan(6000);
  });
});
