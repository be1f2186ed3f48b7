import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderTable, type Row } from '../../../src/lib/ui/fleet-table.ts';
import { plainStyle } from '../../../src/lib/ui/style.ts';

const size = { width: 80, height: 24, now: 100_000 };
const rows: Row[] = [
  { node: 'lb1', state: 'kept', phase: 'serves', release: '2222', since: 10_000, until: 22_900 },
  { node: 'lb2', state: 'working', phase: 'NGINX reloads', release: '2222', since: 35_000 },
  { node: 'lb3', state: 'undone', phase: 'taken back to', release: '1111', since: 90_000, until: 91_000 },
  { node: 'lb4', state: 'waiting' },
];

it('shows what each node is at, since when, and how many there are of each', () => {
  expect(renderTable(rows, size, plainStyle).join('\n')).toBe(`\
  node  phase                                   time  release
✓ lb1   serves                                  12 s  2222
… lb2   NGINX reloads                       1:05 min  2222
✗ lb3   taken back to                            1 s  1111
  lb4
  1 of 4 done, 1 in work, 1 waiting, 1 failed`);
});

it('shows those in work and those that failed where there is no place for all', () => {
  const many = [
    ...rows,
    ...Array.from({ length: 96 }, (_, index): Row => ({ node: `n${index}`, state: 'waiting' })),
  ];
  const lines = renderTable(many, { ...size, height: 6 }, plainStyle);
  expect(lines.map((line) => line.slice(0, 5))).toEqual(['  nod', '… lb2', '✗ lb3', '  lb4', '  1 o']);
  expect(lines.at(-1)).toContain('97 not shown');
});

it('never takes more lines or columns than there are', () => {
  const row = fc.record({
    node: fc.string({ minLength: 1, maxLength: 90 }),
    state: fc.constantFrom<Row['state']>('waiting', 'working', 'kept', 'stuck'),
    phase: fc.option(fc.string({ maxLength: 90 }), { nil: undefined }),
    release: fc.option(fc.constant('2222222222222222'), { nil: undefined }),
    since: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 60 }),
      fc.integer({ min: 20, max: 120 }),
      fc.integer({ min: 4, max: 40 }),
      (rows, width, height) => {
        const lines = renderTable(rows, { width, height, now: 5_000_000 }, plainStyle);
        expect(lines.length).toBeLessThan(height);
        for (const line of lines) expect(line.length).toBeLessThan(width);
      },
    ),
  );
});
