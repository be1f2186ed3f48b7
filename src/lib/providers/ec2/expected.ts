import { ec2Of } from '../../balancer/ec2.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import type { Ec2 } from '../../balancer/schema/ec2.ts';
import { UserError } from '../../errors.ts';
import type { Loaded } from '../../source/load.ts';
import { type Desired, desiredOn } from '../ssh/desired.ts';
import type { Facts } from '../ssh/facts.ts';
import { type Known, knownBy } from '../ssh/hosts.ts';

/** NGINX of the newest images, or what every newer one loads. */
const VERSIONS: Readonly<Record<Ec2['image'], string>> = {
  amazon_linux_2023: '1.24.0',
  debian_12: '1.22.1',
  debian_13: '1.26.3',
  ubuntu_24_04: '1.24.0',
};

/** What matters of how packages configure NGINX, and the first boot leaves on all systems. */
const BUILT = [
  '--prefix=/usr/share/nginx',
  '--conf-path=/etc/nginx/nginx.conf',
  '--http-log-path=/var/log/nginx/access.log',
  '--error-log-path=stderr',
  '--pid-path=/run/nginx.pid',
  '--http-proxy-temp-path=/var/lib/nginx/proxy',
  '--with-stream=dynamic',
];

/**
 * What a node of a group says of itself once it has booted, whichever it is: what is rendered for it can be known before
 * there is one.
 */
export function expectedFacts(balancer: Balancer): Facts {
  const { image } = ec2Of(balancer);
  return {
    time: 0,
    system: image.split('_')[0]!,
    nginx: { path: '/usr/sbin/nginx', version: VERSIONS[image], plus: false, built: BUILT },
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
  const none = (): Promise<never> =>
    Promise.reject(
      new UserError('failed', 'not-made', 'no node is there yet', { hint: 'lbctl up makes them' }),
    );
  const transport = { name: 'the nodes', run: none, close: async () => undefined };
  const known: Known = knownBy(transport, expectedFacts(balancer), undefined);
  return desiredOn(balancer.name, loaded, [known]);
}
