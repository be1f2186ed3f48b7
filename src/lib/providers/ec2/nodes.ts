import { instancesOf } from '../../aws/auto-scaling.ts';
import type { Node } from '../../release/node/place.ts';
import type { Fleet } from '../../release/transports/ssm.ts';
import type { Transport } from '../../release/transports/transport.ts';

/** Folder of all that lbctl keeps on a node. */
const ROOT = '/etc/lbctl';

/** Nodes serve in these; others come or go. Those that come look for the newest release themselves before they serve. */
const SERVING = new Set(['InService', 'EnteringStandby', 'Standby']);

/** Whether an instance is a node that serves, or stands by. */
export function isServing({ state }: { readonly state: string }): boolean {
  return SERVING.has(state);
}

/**
 * The nodes of an Auto Scaling group that serve, or stand by; where releases lie on them is known, as their first boot
 * has made it so.
 */
export async function nodesOf(group: string, region: string, fleet: Fleet): Promise<Node[]> {
  const instances = await instancesOf(group, region);
  return instances
    .filter(isServing)
    .map(({ id, zone }) => nodeBy(fleet.to({ instance: id, name: `${id} (${zone})` })));
}

/** Which of some instances serve in a group no longer. */
export async function goneFrom(
  group: string,
  region: string,
  instances: readonly string[],
): Promise<ReadonlySet<string>> {
  const there = (await instancesOf(group, region)).filter(isServing);
  return new Set(instances.filter((instance) => there.every(({ id }) => id !== instance)));
}

/** A node that has booted by itself. */
export function nodeBy(transport: Transport): Node {
  return {
    transport,
    root: ROOT,
    link: '/etc/nginx/nginx.conf',
    leaf: 'nginx.conf',
    nginx: '/usr/sbin/nginx',
    options: '',
    pid: '/run/nginx.pid',
    log: '/var/log/nginx/error.log',
    start: 'if [ -d /run/systemd/system ]; then systemctl start nginx; else nginx; fi',
    group: 'nginx',
  };
}
