import { expect, it } from 'vitest';
import { type Document, metrics, region, trying } from '../support/metrics-region.ts';

it.each([
  [7_500_000, '2 h 5 min behind'],
  [-190_800_000, '2 d 5 h ahead of'],
])('goes by the clock of AWS, %i ms ahead of the one here', async (ahead, text) => {
  const fake = await region({}, ahead);
  const { stdout, stderr, code } = await metrics(fake, 'shop', '--json', '--since', '1h');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `! the clock of this machine is ${text} that of AWS, by which times are told: timedatectl set-ntp true\n`,
  });
  const [flows] = (JSON.parse(stdout) as Document).loadBalancers[0]!.series;
  expect(flows!.points.filter(([, value]) => value !== null).length).toBeGreaterThan(50);
  expect(Math.abs(Date.parse(flows!.points.at(-1)![0]) - Date.now() - ahead)).toBeLessThan(600_000);

  const refused = await trying(1, fake, 'shop');
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      new RegExp(
        `: the clock of this machine is ${text} that of AWS, so that it takes no signature made here \\(SignatureDoesNotMatch\\)\nhint: set the clock of this machine: timedatectl set-ntp true\n$`,
        'u',
      ),
    ),
  });
});
