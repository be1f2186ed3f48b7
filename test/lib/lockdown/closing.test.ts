import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortRule } from '../../../src/lib/aws/lightsail/port-rules.ts';
import { close, reopen, sameRules, unsplittable } from '../../../src/lib/lockdown/closing.ts';
import { recall, remember } from '../../../src/lib/lockdown/memory.ts';

const WORLD = '0.0.0.0/0';
const OFFICE = '203.0.113.0/24';

const rule = (
  protocol: string,
  from: number,
  to: number,
  cidrs = [WORLD],
  ipv6: string[] = [],
): PortRule => ({
  protocol,
  from,
  to,
  cidrs,
  ipv6,
  aliases: [],
});

/** What is let in: `protocol port source` for each. */
function letIn(rules: readonly PortRule[]): Set<string> {
  return new Set(
    rules.flatMap(({ protocol, from, to, cidrs, ipv6, aliases }) =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index).flatMap((port) =>
        [...cidrs, ...ipv6, ...aliases].map((source) => `${protocol} ${port} ${source}`),
      ),
    ),
  );
}

const sources = {
  cidrs: fc.subarray([WORLD, '10.0.0.0/8', OFFICE]),
  ipv6: fc.subarray(['2001:db8::/32', '::/0']),
  aliases: fc.subarray(['lightsail-connect']),
};
const anyRule = fc
  .record({ protocol: fc.constantFrom('tcp', 'udp'), from: fc.nat(12), length: fc.nat(6), ...sources })
  .filter(({ cidrs, ipv6, aliases }) => cidrs.length + ipv6.length + aliases.length > 0)
  .map(({ length, ...rest }): PortRule => ({ ...rest, to: rest.from + length }));
const rules = fc.uniqueArray(anyRule, {
  maxLength: 6,
  selector: ({ protocol, from, to }) => `${protocol} ${from} ${to}`,
});
const ports = fc.uniqueArray(fc.nat(18), { maxLength: 4 });

describe('closing ports', () => {
  test('takes them from the world, and nothing from anybody else', () => {
    fc.assert(
      fc.property(rules, ports, (before, closing) => {
        const gone = new RegExp(`^(?:tcp|udp) (?:${closing.join('|')}) (?:0\\.0\\.0\\.0|::)/0$`, 'u');
        const expected = [...letIn(before)].filter((word) => closing.length === 0 || !gone.test(word));
        expect([...letIn(close(before, closing).rules)].toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  test('has nothing left to do when it is done', () => {
    fc.assert(
      fc.property(rules, ports, (before, closing) => {
        const once = close(before, closing);
        const again = close(once.rules, closing);
        expect(again.closed).toEqual([]);
        expect(sameRules(again.rules, once.rules)).toBe(true);
      }),
    );
  });

  test('is undone by what a tag remembers of it, also where it was done in two parts', () => {
    fc.assert(
      fc.property(rules, ports, ports, (before, some, others) => {
        const first = close(before, some);
        const second = close(first.rules, others);
        const memory = remember([...first.closed, ...second.closed]);
        const back = reopen(second.rules, recall(memory));
        expect([...letIn(back)].toSorted()).toEqual([...letIn(before)].toSorted());
        expect(sameRules(reopen(back, recall(memory)), back)).toBe(true);
      }),
    );
  });

  test('splits ranges, and puts them together again', () => {
    const before = [rule('tcp', 22, 22, [OFFICE]), rule('tcp', 8000, 9000), rule('udp', 53, 53)];
    const { rules, closed } = close(before, [80, 8080, 9000]);
    expect(rules).toEqual([
      rule('tcp', 22, 22, [OFFICE]),
      rule('tcp', 8000, 8079),
      rule('tcp', 8081, 8999),
      rule('udp', 53, 53),
    ]);
    expect(remember(closed)).toBe('tcp:8080:4:8000-9000 tcp:9000:4:8000-9000');
    expect(sameRules(reopen(rules, closed), before)).toBe(true);
  });

  test('keeps what others were let in to on the same port', () => {
    const before = [rule('tcp', 443, 443, [WORLD, OFFICE], ['::/0'])];
    const { rules, closed } = close(before, [443]);
    expect(rules).toEqual([rule('tcp', 443, 443, [OFFICE])]);
    expect(remember(closed)).toBe('tcp:443:46');
    // somebody has let in another office in between
    const edited = [rule('tcp', 443, 443, [OFFICE, '198.51.100.0/24'])];
    expect(letIn(reopen(edited, closed))).toEqual(
      letIn([rule('tcp', 443, 443, [WORLD, OFFICE, '198.51.100.0/24'], ['::/0'])]),
    );
  });

  test('opens a port alone where the rest of its range was changed since', () => {
    const { closed } = close([rule('tcp', 8000, 9000)], [8080]);
    expect(reopen([rule('tcp', 8000, 8079, [OFFICE])], closed)).toEqual([
      rule('tcp', 8000, 8079, [OFFICE]),
      rule('tcp', 8080, 8080),
    ]);
  });

  test('cannot take a port out of all protocols', () => {
    const all = rule('all', 0, 65_535);
    expect(unsplittable([all, rule('tcp', 80, 80), rule('all', 0, 65_535, [OFFICE])])).toEqual([all]);
    expect(close([all], [80]).closed).toEqual([]);
  });
});

test('a tag holds what it may, and what is none of it is passed over', () => {
  const { closed } = close(
    [rule('tcp', 0, 65_535, [WORLD], ['::/0']), rule('udp', 0, 65_535)],
    [80, 443, 8080],
  );
  expect(remember(closed)).toMatch(/^[\p{L}\p{N} +\-=._:/@]{1,256}$/u);
  expect(remember(recall(remember(closed)))).toBe(remember(closed));
  expect(recall('nonsense tcp:80: icmp:8:4 tcp:80:4:x tcp:70000:4 tcp:80:4:81-90')).toEqual([]);
  fc.assert(
    fc.property(fc.string(), (text) => recall(remember(recall(text))).length === recall(text).length),
  );
  const word = fc.stringMatching(/^(?:tcp|udp|x):\d{0,6}:4?6?(?::\d{0,6}-\d{0,6})?$/u);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (text) => {
        const memory = remember(recall(text));
        expect(remember(recall(memory))).toBe(memory);
        for (const { port, range } of recall(text))
          expect(port <= 65_535 && (range?.[0] ?? 0) <= port).toBe(true);
      },
    ),
  );
});
