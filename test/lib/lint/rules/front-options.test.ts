import { expect, test } from 'vitest';
import type { Behind } from '../../../../src/lib/lint/engine/rule.ts';
import { lintText } from '../../../../src/lib/source/linting/run.ts';

/** `rule line` of what a rule finds in a configuration of http, with options of its own. */
function findings(
  rule: string,
  behind: Behind | undefined,
  options: Readonly<Record<string, number | readonly string[]>>,
  text: string,
): number[] {
  const result = lintText(Buffer.from(`events { }\n${text}`), {
    target: { version: '1.30.4', plus: false },
    behind,
    options: { [rule]: options },
    context: undefined,
    cwd: '/etc/nginx',
  });
  return result.findings.filter((one) => one.rule === rule).map(({ line }) => line);
}

test('a longer idle time of the balancer makes the default of keepalive_timeout too short', () => {
  const rule = 'reliability/client-keepalive-timeout';
  const text = 'http {\nserver { listen 80; }\n}';
  expect(findings(rule, 'alb', { 'alb-idle': 74 }, text)).toEqual([]);
  expect(findings(rule, 'alb', { 'alb-idle': 75 }, text)).toEqual([2]);
  const said = text.replace('listen', 'keepalive_timeout 2m; listen');
  expect(findings(rule, 'alb', { 'alb-idle': 75 }, said)).toEqual([]);
  expect(findings(rule, 'nlb', { 'nlb-idle': 60 }, text)).toEqual([2]);
  expect(findings(rule, 'nlb', { 'nlb-idle': 75 }, text)).toEqual([]);
});

test('a longer idle time of the balancer makes proxy_timeout short enough', () => {
  const text = 'stream {\nserver { listen 1; proxy_pass 10.0.0.1:1; }\n}';
  expect(findings('reliability/stream-timeout', 'nlb', { 'nlb-idle': 599 }, text)).toEqual([3]);
  expect(findings('reliability/stream-timeout', 'nlb', { 'nlb-idle': 600 }, text)).toEqual([]);
});

test('redirects may lead to ports of the balancer', () => {
  const rule = 'reliability/absolute-redirect-port';
  const text = 'http {\nserver { listen 8080; return 301 /a; }\nserver { listen 80; return 301 /a; }\n}';
  expect(findings(rule, 'alb', {}, text)).toEqual([3]);
  expect(findings(rule, 'alb', { 'front-ports': ['8080'] }, text)).toEqual([4]);
});

test('health checks ask for the paths that are named, whatever stands in front', () => {
  const rule = 'reliability/health-check-path';
  const text =
    'http {\nserver { listen 80; location = /up { return 204; } location / { return 301 /a; } }\n}';
  expect(findings(rule, undefined, { paths: ['/up'] }, text)).toEqual([]);
  expect(findings(rule, undefined, { paths: ['/'] }, text)).toEqual([3]);
  // the other kind of balancer takes redirects
  expect(findings(rule, 'nlb', { paths: ['/'] }, text)).toEqual([]);
});
