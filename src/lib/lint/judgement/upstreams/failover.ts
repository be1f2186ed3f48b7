import { isLocal } from '../../model/network/addresses.ts';
import type { Item, Model } from '../../model/model.ts';
import { settingOf, triesOf } from './retries.ts';
import { activeServers, serverAddress } from '../../model/network/upstream-servers.ts';
import type { Upstream } from '../../model/network/upstreams.ts';

/** A way to several servers of which another one is asked where one cannot be reached. */
interface Failover {
  readonly pass: Item;
  readonly upstream: Upstream;
  /** The directive that says how long a connection is waited for. */
  readonly timeout: Item | undefined;
}

/** Every way to servers of which some could vanish from the network. */
export function failovers(model: Model): Failover[] {
  const known = new Map<Upstream, boolean>();
  const mayVanish = (upstream: Upstream): boolean => {
    let answer = known.get(upstream);
    if (answer === undefined) known.set(upstream, (answer = canVanish(upstream)));
    return answer;
  };
  return model.routes.flatMap(({ pass, destinations }) => {
    const groups = destinations.flatMap(({ upstream }) =>
      upstream && mayVanish(upstream) ? [upstream] : [],
    );
    if (groups.length === 0) return [];
    const next = settingOf(model, pass, 'next_upstream')?.directive.words[1]?.value;
    if (next === 'off' || triesOf(model, pass) === 1) return [];
    const timeout = settingOf(model, pass, 'connect_timeout');
    return groups.map((upstream) => ({ pass, upstream, timeout }));
  });
}

function canVanish(upstream: Upstream): boolean {
  const servers = activeServers(upstream);
  return (
    servers.length > 1 &&
    servers.some((server) => {
      const address = serverAddress(server);
      return address !== undefined && !isLocal(address);
    })
  );
}
