import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../../src/lib/balancer/read.ts';
import { portMap } from '../../../../src/lib/providers/local/layout.ts';
import { parseCounters } from '../../../../src/lib/providers/local/status.ts';

const map = (listeners: string, firstFree: number, more = '') =>
  Object.fromEntries(
    portMap(readBalancer(`name: shop\n${more}listeners: ${listeners}\n`, 'lb.yaml').balancer, firstFree),
  );

describe('ports of a user who may not bind low ones', () => {
  test.each([
    ['{ http: { port: 80 } }', 1024, { 80: 8080, 8099: 18080 }],
    ['{ http: { port: 80 } }', 1, { 8099: 10080 }],
    ['{ a: { port: 80 }, b: { port: 8080 } }', 1024, { 80: 8081, 8099: 18081 }],
    ['{ a: { port: 8080 } }', 1024, { 8099: 18080 }],
    ['{ a: { port: 60000 } }', 1024, { 8099: 50000 }],
    ['{ a: { port: 10080 }, b: { port: 80 } }', 1024, { 80: 8080, 8099: 20080 }],
  ])('%s from %i on', (listeners, firstFree, expected) => {
    expect(map(listeners, firstFree)).toEqual(expected);
  });

  test('a metrics port that is set stays', () => {
    expect(map('{ http: { port: 80 } }', 1024, 'metrics: { port: 9113 }\n')).toEqual({ 80: 8080 });
  });
});

test('the counters of stub_status', () => {
  const text =
    'Active connections: 3 \nserver accepts handled requests\n 10 9 42 \nReading: 0 Writing: 1 Waiting: 2 \n';
  expect(parseCounters(text)).toEqual({ active: 3, accepted: 10, handled: 9, requests: 42 });
  expect([parseCounters('<html>'), parseCounters(null)]).toEqual([null, null]);
});
