import { ec2Of, isLoopback, proxyPortOf } from '../../balancer/ec2.ts';
import { protocolOf, speaksHttp2 } from '../../balancer/protocol.ts';
import type { Balancer, Listener } from '../../balancer/schema/balancer.ts';

/** A port of the load balancer, and how connections to it go on to the nodes. */
export interface Front {
  readonly port: number;
  /** Names of the listeners of lb.yaml behind it: two where it has TCP and UDP. */
  readonly names: readonly string[];
  readonly protocol: 'TCP' | 'UDP' | 'TCP_UDP' | 'TLS';
  /** What TLS takes where it ends here. */
  readonly tls?: { readonly certificates: readonly string[]; readonly policy: string; readonly alpn: string };
  /** The port of nodes that expects the PROXY protocol; none where clients keep their address in any case. */
  readonly proxy?: { readonly port: number; readonly used: boolean };
}

/** Policies of Elastic Load Balancing that come next to Mozilla's profiles ("Security policies for your NLB"). */
const POLICIES = {
  intermediate: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
  modern: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
} as const;

/**
 * Ports of the load balancer, in the order of lb.yaml. Listeners of loopback addresses are for the node alone.
 * @param region whose certificates are taken; those of all where it is left out.
 */
export function frontsOf(balancer: Balancer, region?: string): Front[] {
  const entries = Object.entries(balancer.listeners).filter(([, { address }]) => !isInside(address));
  const ports = [...new Set(entries.map(([, { port }]) => port))];
  const { proxy_protocol: proxy } = ec2Of(balancer);
  return ports.map((port) => {
    const here = entries.filter(([, listener]) => listener.port === port);
    const protocol = protocolFor(here.map(([, listener]) => listener));
    const tls = here.find(([, listener]) => listener.tls?.acm)?.[1];
    return {
      port,
      names: here.map(([name]) => name),
      protocol,
      ...(tls ? { tls: endOfTls(tls, region) } : {}),
      // datagrams cannot be told by it
      ...(proxy === false || protocol === 'UDP' || protocol === 'TCP_UDP'
        ? {}
        : { proxy: { port: proxyPortOf(port), used: proxy === true } }),
    };
  });
}

function isInside(address: string | undefined): boolean {
  return address !== undefined && isLoopback(address);
}

function protocolFor(listeners: readonly Listener[]): Front['protocol'] {
  const datagrams = listeners.filter((listener) => protocolOf(listener) === 'udp').length;
  if (datagrams === listeners.length) return 'UDP';
  if (datagrams > 0) return 'TCP_UDP';
  return listeners.some(({ tls }) => tls?.acm) ? 'TLS' : 'TCP';
}

function endOfTls(listener: Listener, region: string | undefined): NonNullable<Front['tls']> {
  const { acm = [], profile } = listener.tls!;
  return {
    certificates: acm.filter((arn) => region === undefined || arn.split(':')[3] === region),
    policy: POLICIES[profile],
    alpn: speaksHttp2(listener) ? 'HTTP2Preferred' : 'None',
  };
}
