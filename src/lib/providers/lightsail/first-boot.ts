import type { Balancer } from '../../balancer/schema/balancer.ts';
import script from './first-boot.sh';

/** Packages of Debian and Ubuntu that bring modules of NGINX. */
const PACKAGES: Readonly<Record<Balancer['nginx']['modules'][number], string>> = {
  geoip2: 'libnginx-mod-http-geoip2',
  modsecurity: 'libnginx-mod-http-modsecurity',
};

/** The script that makes a node of a fresh Debian or Ubuntu, for user data and for `sh -s`. */
export function firstBoot({ lightsail, nginx, health }: Balancer): string {
  const isBitnami = lightsail!.blueprint === 'nginx';
  const settings = {
    source: isBitnami ? 'none' : lightsail!.nginx,
    packages: isBitnami ? '' : nginx.modules.map((module) => PACKAGES[module]).join(' '),
    health: health.path,
  };
  // none of the values can hold a quote: they come from lists, and paths have letters and ._/- alone
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  return ['#!/bin/sh', ...lines, script].join('\n');
}
