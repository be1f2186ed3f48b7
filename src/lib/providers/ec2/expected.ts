import { ec2Of } from '../../balancer/ec2.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import type { Ec2 } from '../../balancer/schema/ec2.ts';
import { notMade } from '../../release/transports/not-made.ts';
import type { Loaded } from '../../source/load.ts';
import { type Desired, desiredOn } from '../ssh/desired.ts';
import type { Facts } from '../ssh/facts.ts';
import { type Known, knownBy } from '../ssh/hosts.ts';
import { PACKAGED, PACKAGED_ARGUMENTS } from '../ssh/packaged.ts';

/** NGINX of the newest images, or what every newer one loads. */
const VERSIONS: Readonly<Record<Ec2['image'], string>> = { amazon_linux_2023: '1.24.0', ...PACKAGED };

/**
 * What a node of a group says of itself once it has booted, whichever it is: what is rendered for it can be known before
 * there is one.
 */
export function expectedFacts(balancer: Balancer): Facts {
  const { image } = ec2Of(balancer);
  return {
    time: 0,
    system: image.split('_')[0]!,
    nginx: { path: '/usr/sbin/nginx', version: VERSIONS[image], plus: false, built: PACKAGED_ARGUMENTS },
    configured: { user: null, pid: null },
    moduleConfigs: '/etc/nginx/modules-enabled',
    loaded: ['stream', ...balancer.nginx.modules].map(
      (name) => `ngx_${name === 'stream' ? name : `http_${name}`}_module.so`,
    ),
    modules: [],
    users: [{ name: 'nginx', group: 'nginx' }],
    ca: '/etc/ssl/certs/ca-certificates.crt',
    curl: true,
    unit: 'nginx',
    control: null,
    free: null,
  };
}

/** A balancer as its nodes are to serve it. */
export function desiredOnNodes(loaded: Loaded): Promise<Desired> {
  const { balancer } = loaded;
  const known: Known = knownBy(notMade('a node'), expectedFacts(balancer), undefined);
  return desiredOn(balancer.name, loaded, [known]);
}
