import { commands } from '../../src/commands/registry.ts';

/** What a command needs behind its words, where it runs, and which of the exit codes it can end with beside 0 and 2. */
export interface Row {
  readonly args?: readonly string[];
  /** Calls AWS: 3 where nothing answers, 4 where it may not, 130 by Ctrl-C. */
  readonly aws?: boolean;
  /** What has it end with 1. */
  readonly finds?: readonly string[];
  /** Asks before it changes anything, where `--yes` is left out; no ends it with 130. */
  readonly asks?: boolean;
  /** Balancers that it runs for, in the order of the table: on this machine, beside things on AWS, on EC2; none when left out. */
  readonly on?: readonly Home[];
  /** The lb.yaml, where it is another than that of the home. */
  readonly file?: string;
}

export type Home = 'local' | 'cloud' | 'ec2';

const ZONE = ['--zone', 'example.com'];
const RECORDS = [...ZONE, '--name', 'www.example.com', '--simple', '192.0.2.1'];
const NOW = ['--yes', '--watch', '0'];

const TABLE: Readonly<Record<string, Row>> = {
  init: { args: ['--yes', '--file', 'new.yaml', '--server', '127.0.0.1:9001'] },
  config: {},
  generate: {},
  lint: { args: ['lb.yaml'], finds: ['bad.conf'] },
  rules: {},
  fmt: { args: ['good.conf'], finds: ['--check', 'bad.conf'] },
  schema: {},
  completion: { args: ['bash'] },
  plan: { aws: true, finds: ['--check'], on: ['local', 'ec2'] },
  up: { args: [...NOW, '--no-dns'], aws: true, on: ['local', 'ec2'] },
  status: { aws: true, on: ['local', 'ec2'] },
  deploy: { args: NOW, aws: true, on: ['local'] },
  releases: { aws: true, on: ['local'] },
  diff: { args: ['RELEASE'], on: ['local'] },
  'pool list': { on: ['local'] },
  'pool drain': { args: ['127.0.0.1:9001', ...NOW], on: ['local'], asks: true },
  'pool undrain': { args: ['127.0.0.1:9001', ...NOW], on: ['local'], asks: true },
  'pool add': { args: ['web', '127.0.0.1:9003', ...NOW], on: ['local'], asks: true },
  'pool remove': { args: ['web', '127.0.0.1:9003', ...NOW], on: ['local'], asks: true },
  rollback: { args: NOW, on: ['local'], asks: true },
  down: { args: ['--yes', '--no-dns'], aws: true, on: ['local', 'ec2'], asks: true },
  lockdown: { args: ['--yes'], aws: true, on: ['cloud'], asks: true },
  adopt: { args: ['my-nginx', '--yes'], aws: true, on: ['cloud'], file: 'lightsail.yaml', asks: true },
  metrics: { aws: true, on: ['cloud'] },
  'alarms plan': { aws: true, finds: ['--check'], on: ['cloud'] },
  'alarms apply': { args: ['--yes'], aws: true, on: ['cloud'], asks: true },
  'alarms list': { aws: true, on: ['cloud'] },
  'alarms test': { args: ['--yes'], aws: true, on: ['cloud'], asks: true },
  'alarms remove': { args: ['--yes'], aws: true, on: ['cloud'], asks: true },
  'dns plan': { aws: true, finds: ['--check'], on: ['cloud'] },
  'dns apply': { args: ['--yes'], aws: true, on: ['cloud'], asks: true },
  'dns list': { args: ZONE, aws: true, on: ['cloud'] },
  'dns export': { args: ZONE, aws: true, on: ['cloud'] },
  'dns import': { args: ['records.zone', ...ZONE, '--yes'], aws: true, on: ['cloud'], asks: true },
  'dns shift': { args: ['blue=3', '--yes'], aws: true, on: ['cloud'], asks: true },
  'dns undo': { args: [...ZONE, '--yes'], aws: true, on: ['cloud'], asks: true },
  'dns where': { args: ['--from', 'DE', ...RECORDS] },
};

/** Every command of the registry, in words. */
export const names = commands.flatMap((spec) =>
  'commands' in spec ? spec.commands.map(({ name }) => `${spec.name} ${name}`) : [spec.name],
);

export const rows = Object.entries(TABLE).map(([name, row]) => ({ name, ...row }));

/** Those that need no balancer. */
export const offline = rows.filter(({ aws = false, on = [] }) => !aws && on.length === 0);
