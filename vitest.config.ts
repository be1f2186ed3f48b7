import { defineConfig } from 'vitest/config';

/** Scripts for nodes are text, as in the bundle. */
const scriptsAsText = {
  name: 'scripts-as-text',
  transform: (code: string, id: string) =>
    id.endsWith('.sh') ? `export default ${JSON.stringify(code)};` : undefined,
};

/** They kill, cut off, watch and load releases for many minutes: `npm run test:releases` runs them. */
const LONG = [
  'test/commands/cut-short.test.ts',
  'test/commands/deploy-faults.test.ts',
  'test/commands/ec2-cut-short.test.ts',
  'test/commands/ec2-faults.test.ts',
  'test/commands/ec2-life.test.ts',
  'test/commands/https-*.test.ts',
  'test/commands/lightsail-many.test.ts',
  'test/commands/pool-drain.test.ts',
  'test/commands/pool-ssh.test.ts',
  'test/commands/under-load.test.ts',
  'test/lib/certificates/kill.test.ts',
  'test/lib/providers/ec2/*-faults.test.ts',
  'test/lib/release/node/kill-*.test.ts',
  'test/lib/release/node/load.test.ts',
  'test/lib/release/node/watch.test.ts',
  'test/lib/release/rollout/roll-out.test.ts',
  'test/lib/release/transports/ssh/connection.test.ts',
];

export default defineConfig({
  plugins: [scriptsAsText],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: process.env['LBCTL_RELEASES'] ? [] : LONG,
    globalSetup: 'test/support/build.ts',
    setupFiles: 'test/support/seed.ts',
    pool: 'forks',
    // The machines that run the tests have few cores, but much of the time is waiting for real servers.
    maxWorkers: 3,
    // they end what hangs; a test that passes never waits for them, so they can be longer than any machine is slow
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
