import type { Balancer } from '../balancer/schema/balancer.ts';

/** Addresses of the VPC that every Region has from the start (Amazon VPC, "Default VPCs"). */
const DEFAULT_VPC = /^172\.31\.\d{1,3}\.\d{1,3}(?::|$)/u;

/** Servers that lb.yaml names by addresses of the default VPC: `172.31.4.5:80 of web`. */
export function inDefaultVpc({ upstreams }: Balancer): string[] {
  return Object.entries(upstreams).flatMap(([name, { servers }]) =>
    servers.filter(({ address }) => DEFAULT_VPC.test(address)).map(({ address }) => `${address} of ${name}`),
  );
}
