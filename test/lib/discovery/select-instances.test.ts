import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matcher, selectInstances } from '../../../src/lib/discovery/select-instances.ts';

const instance = (name: string, more: object = {}) => ({
  name,
  state: 'running',
  privateAddress: `172.26.0.${name.length}`,
  publicAddress: `198.51.100.${name.length}`,
  tags: {} as Record<string, string>,
  ...more,
});

const ask = (query: object, port = 8080) => ({
  upstream: 'web',
  balancer: 'shop',
  home: undefined,
  port,
  query: { address: 'private' as const, ...query },
});

describe('servers of an upstream', () => {
  const running = [instance('web-22'), instance('web-1'), instance('db')];

  test('are the instances that run, by their private addresses and in the order of their names', () => {
    const { servers, remarks, none } = selectInstances(running, ask({ name: 'web-*' }), 'eu-west-1');
    expect(servers).toEqual([
      { address: '172.26.0.5:8080', name: 'web-1', source: 'Lightsail eu-west-1' },
      { address: '172.26.0.6:8080', name: 'web-22', source: 'Lightsail eu-west-1' },
    ]);
    expect(remarks).toEqual([]);
    expect(none).toBeUndefined();
  });

  test('are the same in whichever order AWS lists them', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(running, { minLength: running.length }), (shuffled) => {
        expect(selectInstances(shuffled, ask({ name: '*' }), 'eu-west-1')).toEqual(
          selectInstances(running, ask({ name: '*' }), 'eu-west-1'),
        );
      }),
    );
  });

  test('have public addresses where that is asked for', () => {
    const { servers } = selectInstances(running, ask({ name: 'db', address: 'public' }, 5432), 'eu-west-1');
    expect(servers.map(({ address }) => address)).toEqual(['198.51.100.2:5432']);
  });

  test('are told of what is left out: what does not run, has no address, or is the balancer itself', () => {
    const instances = [
      instance('web-1'),
      instance('web-2', { state: 'stopped' }),
      instance('web-3', { privateAddress: null }),
      instance('web-4', { tags: { 'lbctl:balancer': 'shop' } }),
      instance('web-5', { tags: { 'lbctl:balancer': 'other' } }),
    ];
    const { servers, remarks } = selectInstances(instances, ask({ name: 'web-*' }), 'eu-west-1');
    expect(servers.map(({ name }) => name)).toEqual(['web-1', 'web-5']);
    expect(remarks).toEqual([
      'web-4 runs this balancer, and is left out of web',
      'web-2 is stopped, and is left out of web',
      'web-3 has no private address, and is left out of web',
    ]);
  });
});

describe('where there is none, it is told', () => {
  const none = (instances: ReturnType<typeof instance>[], query: object) =>
    selectInstances(instances, ask(query), 'eu-west-1').none;

  test('what there is none of, and what may have been meant', () => {
    expect(none([], { name: 'web-*' })).toEqual({
      message: 'no instance that runs in eu-west-1 is called web-*',
      hint: 'there is no instance in eu-west-1 at all: discover may name another region',
    });
    expect(none([instance('web-1', { state: 'stopped' })], { name: 'web-*' })!.hint).toBe(
      'web-1 is stopped: aws lightsail start-instance --region eu-west-1 --instance-name web-1',
    );
    expect(none([instance('web-1', { privateAddress: null })], { name: 'web-*' })!.hint).toBe(
      'web-1 does, but has no private address',
    );
    expect(none([instance('b'), instance('a')], { tag: { key: 'role', value: 'web' } })).toEqual({
      message: 'no instance that runs in eu-west-1 has the tag role=web',
      hint: 'there: a, b',
    });
    const many = Array.from({ length: 10 }, (_, index) => instance(`app-${index}`));
    expect(none(many, { name: 'web', tag: { key: 'role' } })).toMatchObject({
      message: 'no instance that runs in eu-west-1 is called web and has the tag role',
      hint: expect.stringContaining('app-7 and 2 more') as string,
    });
  });
});

describe('an instance is meant', () => {
  const fits = (query: object, name: string, tags = {}) => matcher(ask(query).query)({ name, tags });

  test.each([
    ['web-*', 'web-1', true],
    ['web-*', 'web-', true],
    ['web-*', 'my-web-1', false],
    ['*-web', 'my-web', true],
    ['w*b', 'wb', true],
    ['we*eb', 'web', false],
    ['*a*a*', 'banana', true],
    ['*a*n*a', 'nab', false],
    ['web.1', 'web-1', false],
    ['web', 'web', true],
    ['web', 'Web', false],
  ])('by the name %s: %s %s', (pattern, name, is) => {
    expect(fits({ name: pattern }, name)).toBe(is);
  });

  test('by a name that a regular expression would take, too', () => {
    const letters = { unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 };
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(fc.string(letters), name, (pattern, name) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'u').test(name);
        expect(fits({ name: pattern }, name)).toBe(expected);
      }),
    );
  });

  test('by its tag, whatever its value where none is named, and by both where both are', () => {
    expect(fits({ tag: { key: 'role' } }, 'a', { role: '' })).toBe(true);
    expect(fits({ tag: { key: 'role', value: 'web' } }, 'a', { role: 'web' })).toBe(true);
    expect(fits({ tag: { key: 'role', value: 'web' } }, 'a', { role: 'db' })).toBe(false);
    expect(fits({ tag: { key: 'toString' } }, 'a')).toBe(false);
    expect(fits({ name: 'b', tag: { key: 'role' } }, 'a', { role: '' })).toBe(false);
  });
});
