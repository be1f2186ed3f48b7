import { expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';

const root = new URL('../..', import.meta.url).pathname;

// what is timed is every rule; other runs of what is built leave out those that nothing is there for
test.each([[], ['--behind', 'alb', '--target', '1.22']])(
  'rules that are left out would have found nothing (%s %s %s %s)',
  async (...options) => {
    const findings = async (...more: string[]) => {
      const { stdout } = await lbctl(['lint', '--json', ...options, ...more, 'fixtures/rules'], {
        cwd: root,
      });
      return (JSON.parse(stdout) as { findings: readonly unknown[] }).findings;
    };
    const all = await findings('--timing');
    expect(all.length).toBeGreaterThan(1000);
    expect(await findings()).toEqual(all);
  },
);
