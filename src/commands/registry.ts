import { alarms } from './alarms/registry.ts';
import type { CommandGroup, CommandSpec, OptionSpec } from './command.ts';
import { dns } from './dns/registry.ts';
import { pool } from './pool/registry.ts';
import { config, generate, init } from './registry/describing.ts';
import { fmt, lint, rules } from './registry/nginx-files.ts';
import { deploy, diff, releases, rollback } from './registry/releases.ts';
import { adopt, down, lockdown, metrics, plan, status, up } from './registry/running.ts';
import { completion, schema } from './registry/surroundings.ts';

/** Options that every command takes. */
export const globalOptions: readonly OptionSpec[] = [
  { flags: '--json', summary: 'print one JSON document on stdout' },
  { flags: '--no-color', summary: 'plain text (also: NO_COLOR)' },
  { flags: '--debug', summary: 'show stack traces' },
];

/** Every command, in the order in which the help lists them. */
export const commands: readonly (CommandSpec | CommandGroup)[] = [
  init,
  config,
  generate,
  lint,
  rules,
  plan,
  up,
  deploy,
  releases,
  rollback,
  diff,
  pool,
  lockdown,
  status,
  down,
  metrics,
  adopt,
  alarms,
  fmt,
  schema,
  completion,
  dns,
];
