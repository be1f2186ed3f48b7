import type { LightsailInstance } from '../aws/lightsail/instances.ts';
import { BALANCER_TAG } from '../aws/lightsail/tags.ts';
import type { Balancer, Upstream } from '../balancer/schema/balancer.ts';
import { matcher } from '../discovery/select-instances.ts';

/** An instance that is behind the balancer, and the ports that are none of the world's business. */
export interface Member {
  readonly instance: LightsailInstance;
  readonly upstreams: readonly string[];
  readonly ports: readonly number[];
}

export interface Members {
  /** By region and name. */
  readonly members: readonly Member[];
  /** What is left as it is, in words. */
  readonly remarks: readonly string[];
  /** Upstreams that reach instances by public addresses, which would be cut off: `web (web-1, web-2)`. */
  readonly outside: readonly string[];
}

/** Where browsers look, whichever ports the balancer itself uses. */
const WEB = [80, 443];
/** By which people and lbctl log in. */
const SSH = 22;

/** What there is to choose from. */
export interface Around {
  /** All instances of the Regions where servers may be. */
  readonly instances: readonly LightsailInstance[];
  /** The Region that is meant where none is named. */
  readonly home: string;
  /** Addresses of machines that the balancer runs on: they are never closed. */
  readonly own: ReadonlySet<string>;
}

/**
 * The instances behind the upstreams of a balancer, running or not: those that it discovers, and those whose private
 * addresses lb.yaml names.
 */
export function membersOf(balancer: Balancer, around: Around): Members {
  const remarks: string[] = [];
  const outside: string[] = [];
  const found = new Map<LightsailInstance, { upstreams: Set<string>; ports: Set<number> }>();
  for (const [name, upstream] of Object.entries(balancer.upstreams)) {
    const { inside, from, unknown } = behind(upstream, around);
    if (from.length > 0) outside.push(`${name} (${from.join(', ')})`);
    if (unknown.length > 0)
      remarks.push(`no single instance of Lightsail has ${unknown.join(', ')} of ${name}`);
    for (const { instance, port } of inside) {
      const member = found.get(instance) ?? { upstreams: new Set(), ports: new Set(WEB) };
      if (port === SSH)
        remarks.push(`port 22 of ${instance.name} stays open, by which one logs in, though ${name} uses it`);
      else member.ports.add(port);
      member.upstreams.add(name);
      found.set(instance, member);
    }
  }
  const members = [...found].flatMap(([instance, { upstreams, ports }]) => {
    const why = spared(instance, around.own);
    if (why !== undefined) remarks.push(`${instance.name} ${why}, and stays as it is`);
    const member = { instance, upstreams: [...upstreams], ports: [...ports].toSorted((a, b) => a - b) };
    return why === undefined ? [member] : [];
  });
  const place = ({ instance: { region, name } }: Member): string => `${region} ${name}`;
  return { members: members.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)), remarks, outside };
}

/** Why an instance is not closed. */
function spared(
  { tags, state, privateAddress, publicAddress }: LightsailInstance,
  own: ReadonlySet<string>,
): string | undefined {
  const balancer = tags[BALANCER_TAG];
  if (balancer !== undefined) return `runs the balancer ${balancer}`;
  if ([privateAddress, publicAddress].some((address) => address !== null && own.has(address)))
    return 'runs this balancer';
  return state === 'pending' ? 'is pending' : undefined;
}

interface Behind {
  readonly inside: readonly { readonly instance: LightsailInstance; readonly port: number }[];
  /** Instances that are reached from outside. */
  readonly from: readonly string[];
  /** Servers that none of the instances is for certain. */
  readonly unknown: readonly string[];
}

function behind({ discover, servers }: Upstream, { instances, home }: Around): Behind {
  const group = discover?.autoscaling_group;
  if (group) return { inside: [], from: [], unknown: [`instances of the group ${group.name}`] };
  if (discover?.lightsail) {
    const { lightsail, port } = discover;
    const isMeant = matcher(lightsail);
    const meant = instances.filter(
      (instance) => isMeant(instance) && instance.region === (lightsail.region ?? home),
    );
    const from = lightsail.address === 'public' ? meant.map(({ name }) => name) : [];
    return { inside: meant.map((instance) => ({ instance, port })), from, unknown: [] };
  }
  const asked = servers.map(({ address }) => {
    const [, host = address, port = '80'] = /^(\[.*\]|[^:]+)(?::(\d+))?$/u.exec(address) ?? [];
    // Regions may have the same private addresses
    const same = instances.filter(({ privateAddress }) => privateAddress === host);
    const inside = same.length === 1 ? same : [];
    const from = instances.filter(({ publicAddress }) => publicAddress === host);
    return { address, port: Number(port), inside, from };
  });
  return {
    inside: asked.flatMap(({ inside, port }) => inside.map((instance) => ({ instance, port }))),
    from: asked.flatMap(({ from }) => from.map(({ name }) => name)),
    unknown: asked
      .filter(({ inside, from }) => inside.length + from.length === 0)
      .map(({ address }) => address),
  };
}
