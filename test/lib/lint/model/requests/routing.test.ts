import { describe, expect, test } from 'vitest';
import { modelOf } from '../../../../../src/lib/lint/model/model.ts';
import { placeOf } from '../../../../../src/lib/lint/model/requests/locations.ts';
import { locationFor } from '../../../../../src/lib/lint/model/requests/routing.ts';
import { Context } from '../../../../../src/lib/nginx/directives/contexts.ts';
import { loadConfiguration } from '../../../../../src/lib/nginx/include/load.ts';

/** Where a path goes among the locations of a server: the words of the location, `server`, or `?`. */
function route(text: string, path: string): string {
  const files = { read: () => `server { ${text} }`, list: () => undefined };
  const model = modelOf(loadConfiguration('/nginx.conf', files, { part: true }), Context.http);
  const found = locationFor(model.named('server')[0]!.inner!, path);
  if (!found) return '?';
  if (!found.location) return 'server';
  const { kind, name, insensitive, final } = placeOf(found.location)!;
  const sign =
    kind === 'exact' ? '= ' : kind === 'regex' ? `~${insensitive ? '*' : ''} ` : final ? '^~ ' : '';
  return `${sign}${name}${found.slash ? ' by a redirect' : ''}`;
}

describe('a path goes', () => {
  test.each([
    ['to the server where no location fits', 'location /a { }', '/b', 'server'],
    ['to the server where there is no location', '', '/', 'server'],
    ['to the longest prefix', 'location / { } location /a { } location /a/b { }', '/a/bc', '/a/b'],
    ['to a prefix that ends in a word', 'location /a { }', '/abc', '/a'],
    [
      'to an exact location before all others',
      'location ~ . { } location ^~ /a { } location = /a { }',
      '/a',
      '= /a',
    ],
    ['past an exact location that is only a part', 'location = /a { } location / { }', '/a/', '/'],
    ['to a regular expression before a prefix', 'location /a { } location ~ ^/a { }', '/a', '~ ^/a'],
    ['to the first regular expression', 'location ~ b { } location ~ a { } location ~* A { }', '/a', '~ a'],
    ['to a regular expression of any case', 'location ~ ^/A { } location ~* ^/A$ { }', '/a', '~* ^/A$'],
    ['to ^~ before regular expressions', 'location ~ a { } location ^~ /a { }', '/ab', '^~ /a'],
    [
      'past ^~ where another prefix is longer',
      'location ~ a { } location ^~ /a { } location /ab { }',
      '/ab',
      '~ a',
    ],
    ['past named locations', 'location @a { } location / { }', '/@a', '/'],
    ['to locations whose modifier is glued', 'location =/a { } location ~^/b { }', '/a', '= /a'],
    ['to regular expressions that are glued', 'location =/a { } location ~*^/B { }', '/b', '~* ^/B'],
    ['by quoted words', 'location "/a b" { }', '/a b', '/a b'],
    ['with dots that are dots in a prefix', 'location /a.b { }', '/axb', 'server'],
  ])('%s', (_, text, path, expected) => {
    expect(route(text, path)).toBe(expected);
  });
});

describe('inside a location', () => {
  test.each([
    ['the inner prefix is taken', 'location /a { location /a/b { } }', '/a/b/c', '/a/b'],
    ['the outer one is, where none fits', 'location /a { location /a/b { } }', '/a/c', '/a'],
    [
      'an exact one comes before outer expressions',
      'location /a { location = /a/b { } } location ~ . { }',
      '/a/b',
      '= /a/b',
    ],
    [
      'an inner expression comes before an outer one',
      'location /a { location ~ b { } } location ~ a { }',
      '/ab',
      '~ b',
    ],
    [
      'an outer expression comes before an inner prefix',
      'location /a { location /a/b { } } location ~ b$ { }',
      '/a/b',
      '~ b$',
    ],
    [
      'inner ^~ does not hold off outer expressions',
      'location /a { location ^~ /a/b { } } location ~ b$ { }',
      '/a/b',
      '~ b$',
    ],
    ['outer ^~ does', 'location ^~ /a { location /a/b { } } location ~ b$ { }', '/a/b', '/a/b'],
    [
      'of an expression all is decided',
      'location ~ ^/a { location ~ x { } location ~ a.b { } } location ~ b$ { }',
      '/a/b',
      '~ a.b',
    ],
    [
      'of an expression the outer one is taken where none fits',
      'location ~ ^/a { location ~ c { } } location ~ b$ { }',
      '/a/b',
      '~ ^/a',
    ],
  ])('%s', (_, text, path, expected) => {
    expect(route(text, path)).toBe(expected);
  });
});

describe('a slash is added', () => {
  const passed = '{ proxy_pass http://127.0.0.1:1; }';
  test.each([
    [
      'for a location that passes requests on',
      `location /a/ ${passed} location / { }`,
      '/a',
      '/a/ by a redirect',
    ],
    [
      'before regular expressions are asked',
      `location /a/ ${passed} location ~ ^/a { }`,
      '/a',
      '/a/ by a redirect',
    ],
    ['for an exact one, too', `location = /a/ ${passed}`, '/a', '= /a/ by a redirect'],
    ['unless the path has a prefix of its own', `location /a/ ${passed} location /a { }`, '/a', '/a'],
    ['unless the path has an exact location', `location /a/ ${passed} location = /a { }`, '/a', '= /a'],
    ['but not for files', 'location /a/ { root /srv; } location / { }', '/a', '/'],
  ])('%s', (_, text, path, expected) => {
    expect(route(text, path)).toBe(expected);
  });
});

describe('a regular expression', () => {
  test.each([
    ['may name its groups as PCRE does', 'location ~ ^/(?P<x>a+)$ { }', '/aa', '~ ^/(?P<x>a+)$'],
    ['may set its case at the start', 'location ~ (?i)^/A { }', '/a', '~ (?i)^/A'],
    ['may escape what needs none', 'location ~ \\.php\\/ { }', '/x.php/', '~ \\.php\\/'],
    ['that JavaScript does not have decides nothing', 'location / { } location ~ ^/a++ { }', '/a', '?'],
    ['with escapes of PCRE decides nothing', 'location / { } location ~ \\A/a { }', '/a', '?'],
    ['with named classes decides nothing', 'location / { } location ~ ^/[[:alpha:]] { }', '/a', '?'],
    ['that could take for ever decides nothing', 'location / { } location ~ ^/(a+)+$ { }', '/a', '?'],
    ['that cannot be compiled decides nothing', 'location / { } location ~ ^/(a { }', '/a', '?'],
    ['that is not asked stands in no way', 'location = /a { } location ~ \\A/a { }', '/a', '= /a'],
    [
      'behind the one that matches stands in no way',
      'location ~ ^/a { } location ~ \\A/a { }',
      '/a',
      '~ ^/a',
    ],
  ])('%s', (_, text, path, expected) => {
    expect(route(text, path)).toBe(expected);
  });
});

test('depth costs no stack, and broken locations do no harm', () => {
  expect(route('location / { '.repeat(20_000) + '}'.repeat(20_000), '/a')).toBe('/');
  expect(route('location { } location = { } location ^~ { } location;', '/a')).toBe('^~ ');
});
