import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chart } from '../../../../src/lib/ui/metrics/chart.ts';
import { renderSheet, renderSheets } from '../../../../src/lib/ui/metrics/overview.ts';
import { sparkline } from '../../../../src/lib/ui/metrics/spark.ts';
import { renderBalancers } from '../../../../src/lib/ui/metrics/table.ts';
import { plainStyle } from '../../../../src/lib/ui/style.ts';
import { sheetOf } from '../../../../src/lib/metrics/sheet.ts';
import { verdictsOn } from '../../../../src/lib/metrics/verdicts/judge.ts';
import { instanceSheet } from '../../../../src/lib/metrics/instances/sheet.ts';
import { HALF_DAY, instance } from '../../metrics/instances/readings.ts';
import { readings, SHOP, WINDOW } from '../../metrics/readings.ts';

describe('a line of bars', () => {
  test('has the highest full, nothing lowest, and blanks for what was not measured', () => {
    expect(sparkline([0, 1, 4, null, 8], 10)).toBe('▁▂▄ █');
    expect(sparkline([0, 0], 10)).toBe('▁▁');
  });

  test('keeps what is small from looking like nothing, and every peak when it is squeezed', () => {
    expect(sparkline([0, 1, 1000], 3)).toBe('▁▂█');
    const values = Array.from({ length: 1000 }, (_, index) => (index === 617 ? 9 : 1));
    expect(sparkline(values, 40)).toContain('█');
  });

  test('is never wider than it may be', () => {
    const value = fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { nil: null });
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 500 }),
        fc.integer({ min: 1, max: 200 }),
        (values, columns) => {
          expect(sparkline(values, columns)).toHaveLength(Math.min(values.length, columns));
        },
      ),
    );
  });
});

test('a chart has a scale, bars and times', () => {
  const points = Array.from(
    { length: 30 },
    (_, minute) => [new Date(Date.UTC(2026, 0, 1, 10, minute)), minute === 7 ? null : minute] as const,
  );
  expect(`\n${chart(points, { width: 60, height: 4, unit: 'Count' }).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    40 ┤
       │                     ▁▂▂▃▄▅▆▆▇
    20 ┤           ▁▂▂▃▄▅▆▆▇██████████
       │ ▁▂▂▃▄▅·▆▇████████████████████
     0 └──────────────────────────────
        10:00        10:15       10:29
    "
  `);
});

const busy = readings({
  NewFlowCount: (minute) => 100 + 50 * Math.round(Math.sin(minute / 8)),
  TCP_Target_Reset_Count: (minute) => (minute > 40 ? 20 : 0),
  NewFlowCount_TLS: (minute) => (minute < 30 ? 10 : undefined),
});

test.each([40, 80, 200])('a balancer on a screen of %i columns', async (width) => {
  const text = renderSheet(sheetOf(busy, WINDOW), WINDOW, { width, style: plainStyle });
  await expect(`${text}\n`).toMatchFileSnapshot(`../../../../fixtures/metrics/balancer-${width}.txt`);
});

test('several balancers are a line each, or stand one below the other where that has no room', async () => {
  const api = readings({}, { ...SHOP, name: 'api' });
  const judged = [busy, api].map((one) => ({ readings: one, verdicts: verdictsOn(one) }));
  const text = renderBalancers(judged, WINDOW, { width: 100, style: plainStyle });
  await expect(`${text}\n`).toMatchFileSnapshot('../../../../fixtures/metrics/balancers.txt');
  const narrow = renderBalancers(judged, WINDOW, { width: 40, columns: 40, style: plainStyle });
  await expect(`${narrow}\n`).toMatchFileSnapshot('../../../../fixtures/metrics/balancers-40.txt');
});

const tired = instance({
  CPUUtilization: (step) => (step > 100 ? 70 : 12) + (step % 7),
  BurstCapacityPercentage: (step) => Math.max(0, 100 - Math.max(0, step - 90) * 3),
  StatusCheckFailed: (step) => (step > 60 && step < 64 ? 1 : 0),
});

test('an instance has its CPU drawn large', async () => {
  const text = renderSheet(instanceSheet(tired, HALF_DAY), HALF_DAY, { width: 100, style: plainStyle });
  await expect(`${text}\n`).toMatchFileSnapshot('../../../../fixtures/metrics/instance.txt');
});

test('several instances stand one below the other', async () => {
  const sheets = [tired, instance({}, { name: 'shop-2' })].map((one) => instanceSheet(one, HALF_DAY));
  const text = renderSheets(sheets, HALF_DAY, { width: 100, style: plainStyle });
  await expect(`${text}\n`).toMatchFileSnapshot('../../../../fixtures/metrics/instances.txt');
});
