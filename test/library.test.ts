import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directive, format, lint, parse, print } from '../src/library.ts';
import { temporaryFolder } from './support/folder.ts';

const root = new URL('..', import.meta.url).pathname;

describe('lint', () => {
  test('looks at a whole configuration or a part', () => {
    expect(lint('events {}\nhttp { server { listen 80; } }')).toEqual([]);
    expect(lint('location / { proxy_pas http://web; }')).toMatchObject([
      { rule: 'syntax/unknown-directive', line: 1, column: 14, hint: 'did you mean proxy_pass?' },
    ]);
  });

  test('follows includes through the files that it is given', () => {
    const findings = lint('events {}\nhttp { include sites/*; }', {
      path: '/etc/nginx/nginx.conf',
      files: { '/etc/nginx/sites/a': 'server { listen 80\n}' },
    });
    expect(findings).toMatchObject([
      { rule: 'syntax/missing-semicolon', file: '/etc/nginx/sites/a', line: 1 },
    ]);
  });

  test('takes a release, the edition and a context', () => {
    expect(lint('http2 on;', { target: '1.22' })).toHaveLength(1);
    expect(lint('location / { health_check; }', { plus: true })).toEqual([]);
    expect(lint('proxy_pass http://a;', { context: 'server' })).toMatchObject([{ rule: 'syntax/context' }]);
    expect(() => lint('', { context: 'nowhere' })).toThrow(RangeError);
  });
});

test('parse, print and format work on texts', () => {
  const text = 'http{server{listen 80;}}';
  expect(print(parse(text))).toBe(text);
  expect(format(text).text).toBe('http {\n    server {\n        listen 80;\n    }\n}\n');
  expect(format('http {').problems).toMatchObject([{ rule: 'syntax/missing-brace' }]);
});

describe('directive', () => {
  test.each([
    [
      'proxy_set_header',
      'list',
      'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header',
    ],
    [
      'proxy_read_timeout',
      'value',
      'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout',
    ],
    ['try_files', 'none', 'https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files'],
    ['worker_processes', 'none', 'https://nginx.org/en/docs/ngx_core_module.html#worker_processes'],
    ['brotli', 'value', undefined],
  ])('knows how %s is handed down and where it is described', (name, inheritance, url) => {
    expect(directive(name)[0]).toMatchObject({ name, inheritance, url });
  });

  test('knows defaults, contexts, and the releases that have it', () => {
    expect(directive('keepalive_timeout')[0]).toMatchObject({
      defaults: ['75s'],
      contexts: ['http', 'server', 'location'],
      block: false,
    });
    expect(directive('http2', { target: '1.22' })).toEqual([]);
    expect(directive('no_such_directive')).toEqual([]);
  });
});

test('another program can import the package with its types', async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/lbctl'));
  writeFileSync(
    join(folder, 'main.mts'),
    `import { lint, type Finding } from 'lbctl';
const findings: Finding[] = lint('gzip maybe;');
console.log(findings[0]?.rule);
// @ts-expect-error a finding has no such property
console.log(findings[0]?.nothing);
`,
  );
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'NodeNext',
        target: 'ES2023',
        lib: ['ES2023', 'DOM'],
        strict: true,
        types: [],
        outDir: 'out',
      },
      files: ['main.mts'],
    }),
  );
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    encoding: 'utf8',
  });
  const printed = execFileSync(process.execPath, [join(folder, 'out/main.mjs')], { encoding: 'utf8' });
  expect(printed).toBe('syntax/value\nundefined\n');
});

test('the examples of its page print what stands behind them', async () => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/lbctl'));
  const examples = [...page.matchAll(/^```js\n(.*?)^```$/gmsu)].map(([, code]) => code!);
  expect(examples).toHaveLength(2);
  for (const code of examples) {
    writeFileSync(join(folder, 'example.mjs'), code);
    const printed = execFileSync(process.execPath, [join(folder, 'example.mjs')], { encoding: 'utf8' });
    const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gmu)].map(([, text]) => text!);
    expect(printed.trimEnd().split('\n')).toEqual(expected);
  }
});
