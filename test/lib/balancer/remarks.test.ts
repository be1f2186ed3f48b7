import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { remarkLines } from '../../../src/lib/balancer/remarks/remarks.ts';

function said({
  listeners = '{ http: { port: 80 } }',
  regions = '[eu-west-1]',
  types = '[t4g.small]',
  more = 'routes: [{ paths: { /: web } }]',
}: Readonly<Record<string, string>>): string[] {
  const text = `name: shop
provider: ec2
regions: ${regions}
ec2: { instance_types: ${types} }
listeners: ${listeners}
upstreams: { web: [app.example.com:8080] }
${more}
`;
  return remarkLines(readBalancer(text, 'lb.yaml').balancer);
}

describe('what is hardly meant', () => {
  test('is nothing in a usual file', () => {
    expect(said({})).toEqual([]);
  });

  test.each([
    ['{ https: { port: 8080 } }', 1],
    ['{ tls-1: { port: 8080 } }', 1],
    ['{ web: { port: 8443 } }', 1],
    ['{ web: { port: 443, protocol: http } }', 0],
    ['{ httpsome: { port: 8080 } }', 0],
    ['{ https: { port: 443, protocol: tcp, upstream: web } }', 0],
  ])('the listeners %s speak plain HTTP by mistake: %i', (listeners, count) => {
    const more = listeners.includes('tcp') ? '' : undefined;
    expect(said({ listeners, ...(more === undefined ? {} : { more }) })).toHaveLength(count);
  });

  test('are no routes, unless nothing asks for them', () => {
    const [line] = said({ more: '' });
    expect(line).toBe(
      'there are no routes, so every request is refused; add routes: [{ paths: { /: web } }]',
    );
    expect(said({ more: '', listeners: '{ db: { port: 5432, upstream: web, protocol: tcp } }' })).toEqual([]);
  });

  test.each([
    ['[eu-west-9]', 'did you mean eu-west-1, eu-west-2 or eu-west-3? '],
    ['[mx-south-1]', ''],
    ['[eu-west-1, ap-southeast-7]', undefined],
    ['[us-gov-west-1]', undefined],
  ])('the Regions %s', (regions, hint) => {
    const lines = said({ regions });
    if (hint === undefined) expect(lines).toEqual([]);
    else expect(lines.join('\n')).toContain(`; ${hint}`);
  });

  test.each([
    ['[t4g.smal]', ['no instance type is known here whose size is smal; did you mean t4g.small?']],
    ['[t4g.small, c7g.2xlarge, m7g.metal, m8g.metal-48xl]', []],
  ])('the instance types %s', (types, lines) => {
    expect(said({ types })).toEqual(lines);
  });
});
