import { describe, expect, test } from 'vitest';
import { inferContext } from '../../../../src/lib/nginx/check/infer.ts';
import { describe as named } from '../../../../src/lib/nginx/check/resolve.ts';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';

describe('the context of a part', () => {
  test.each([
    ['events {} http {}', 'the main context'],
    ['user www-data; worker_processes 4;', 'the main context'],
    ['load_module modules/a.so;', 'the main context'],
    ['upstream a { server b:1; } server { location / { proxy_pass http://a; } }', 'http'],
    ['map $a $b { default 1; }', 'http'],
    ['types { text/html html; }', 'http'],
    ['gzip on;', 'http'],
    ['server { listen 53 udp; proxy_pass dns; }', 'stream'],
    ['upstream db { server a:1; } server { listen 1; proxy_pass db; }', 'stream'],
    ['server { listen 25; protocol smtp; }', 'mail'],
    ['listen 80; server_name a; location / { }', 'server'],
    ['location /x { return 200; }', 'server'],
    ['ssl_certificate a; ssl_certificate_key b; listen 443 ssl;', 'server'],
    ['proxy_pass http://a; proxy_set_header Host $host;', 'location'],
    ['fastcgi_pass unix:/run/php.sock; fastcgi_index index.php;', 'location'],
    ['server 10.0.0.1:80; server 10.0.0.2:80; keepalive 8;', 'upstream'],
    ['# nothing but a comment', 'http'],
    ['such_directives are_unknown;', 'http'],
    ['~*bot 1; default 0;', 'this block'],
    ['10.0.0.0/8 internal; 192.0.2.0/24 partner;', 'this block'],
    ['text/html html htm; image/png png;', 'this block'],
    ['proxy_pas http://a; proxy_set_headr Host b;', 'http'],
  ])('%s is %s', (text, context) => {
    expect(named(inferContext(parse(text), { version: '1.30.0', plus: false }))).toBe(context);
  });
});
