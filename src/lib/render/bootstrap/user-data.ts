import type { Balancer } from '../../balancer/schema/balancer.ts';
import boot from './boot.sh';
import role from './role.sh';

/** Name of the lifecycle hook at the launch of an instance, which the node completes. */
export const LAUNCH_HOOK = 'LaunchHook';

/** Packages of Debian and Ubuntu that bring modules of NGINX; Amazon Linux has none of them. */
const PACKAGES: Readonly<Record<Balancer['nginx']['modules'][number], string>> = {
  geoip2: 'libnginx-mod-http-geoip2',
  modsecurity: 'libnginx-mod-http-modsecurity',
};

/** Seconds that a node waits for the first release of a balancer: as long as its stack may take to be made. */
const PATIENCE = 1800;
/** Seconds between two heartbeats, of which the shortest timeout of a hook has one at least. */
const BEAT = 20;

/**
 * The script of the first boot, for `Fn::Sub`: `${Releases}`, `${Log}`, `${AWS::Region}` and `${AWS::URLSuffix}` are left for it.
 * The instance must have its tags in its metadata, as the name of its group stands there.
 */
export function userData({ nginx }: Balancer): string {
  const settings = {
    bucket: '${Releases}',
    region: '${AWS::Region}',
    suffix: '${AWS::URLSuffix}',
    hook: LAUNCH_HOOK,
    group_of_logs: '${Log}',
    packages: nginx.modules.map((module) => PACKAGES[module]).join(' '),
    modules: '',
    patience: PATIENCE,
    beat: BEAT,
  };
  // none of the values can hold a quote
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  return ['#!/bin/sh', ...lines, escaped(withoutComments(`${role}${boot}`))].join('\n');
}

/**
 * Words for who reads the source are no reason to replace nodes, which another first boot is, and take room. What ShellCheck
 * goes by stays.
 */
function withoutComments(script: string): string {
  return script.replaceAll(/^[ \t]*#(?! shellcheck ).*\n/gmu, '');
}

/** What is the shell's own, so that `Fn::Sub` gives it back as it is. */
function escaped(script: string): string {
  return script.replaceAll('${', '${!');
}
