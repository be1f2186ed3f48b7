import type { Balancer } from '../../balancer/schema/balancer.ts';
import { check } from '../../balancer/check.ts';
import { locate } from '../../balancer/fault.ts';
import { asWritten } from '../../balancer/found.ts';
import { valueAt } from '../../balancer/source.ts';
import { InvalidInput, UserError } from '../../errors.ts';
import { atLeast } from '../../nginx/version.ts';
import type { Loaded } from '../../source/load.ts';
import type { Known } from './hosts.ts';

/** The oldest NGINX that lbctl writes for. */
const OLDEST = '1.18.0';

/**
 * The balancer for the NGINX of some nodes: where lb.yaml names no version, for the oldest of them.
 * @throws UserError `failed` where one of them cannot run it; InvalidInput where it asks for what the oldest has not.
 */
export function forNodes({ balancer, file, source }: Loaded, nodes: readonly Known[]): Balancer {
  const named = valueAt(source.data, ['nginx', 'version']) !== undefined;
  const wanted = named ? balancer.nginx.version : OLDEST;
  for (const { name, nginx } of nodes) {
    if (!atLeast(nginx.version, wanted)) throw tooOld(name, nginx.version, wanted, named);
    if (balancer.nginx.plus && !nginx.plus)
      throw new UserError(
        'failed',
        'not-plus',
        `the balancer is written for NGINX Plus, and ${name} has open source NGINX`,
        { hint: 'remove plus: true from lb.yaml, or install NGINX Plus there' },
      );
  }
  if (named) return balancer;
  const oldest = nodes.map(({ nginx }) => nginx.version).reduce((a, b) => (atLeast(a, b) ? b : a));
  const target = { ...balancer, nginx: { ...balancer.nginx, version: oldest } };
  const faults = check(asWritten(target));
  if (faults.length > 0) throw new InvalidInput(file, locate(faults, source));
  return target;
}

function tooOld(name: string, version: string, wanted: string, named: boolean): UserError {
  const message = named
    ? `the balancer is written for NGINX ${wanted} or newer, and ${name} has ${version}`
    : `lbctl writes for NGINX ${wanted} or newer, and ${name} has ${version}`;
  return new UserError('failed', 'nginx-too-old', message, {
    hint: `upgrade NGINX there${named ? `, or set nginx: { version: "${version}" } in lb.yaml` : ''}`,
  });
}

/** Seconds by which clocks may differ before histories and logs mislead. */
const CLOCK = 30;
/** KiB that releases and logs should find. */
const SPACE = 50 * 1024;

/** What is not as it should be on a node, though it can be worked with. */
export function warningsOf({ name, facts, ahead }: Known): string[] {
  const there = new Date(facts.time * 1000);
  const here = new Date((facts.time - ahead) * 1000);
  return [
    ...(Math.abs(ahead) > CLOCK
      ? [
          `the clock of ${name} says ${utc(there)}, and the one here ${utc(here)}: timedatectl set-ntp true sets it`,
        ]
      : []),
    ...(facts.free !== null && facts.free < SPACE
      ? [`${name} has ${Math.floor(facts.free / 1024)} MB left for releases`]
      : []),
  ];
}

function utc(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
