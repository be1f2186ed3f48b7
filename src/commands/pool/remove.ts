import { newLists } from '../../lib/aws/lightsail/lists.ts';
import { UserError } from '../../lib/errors.ts';
import { withoutServer } from '../../lib/pool/edit.ts';
import { serversNamed, upstreamNamed } from '../../lib/pool/names.ts';
import { loadBalancer } from '../../lib/source/load.ts';
import type { Invocation, Outcome } from '../command.ts';
import { withServers } from '../found.ts';
import { change, refuseDiscovered } from './change.ts';

/** `--json`: see `change`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { args } = invocation;
  const read = await loadBalancer(invocation);
  const upstream = upstreamNamed(read.balancer, args[0]!);
  refuseDiscovered(read, upstream);
  const lists = newLists();
  const loaded = await withServers(read, lists);
  const { balancer, source, file } = loaded;
  const [{ address } = { address: '' }] = serversNamed(balancer, args[1]!, upstream);
  const { servers } = balancer.upstreams[upstream]!;
  if (servers.length === 1) {
    throw new UserError('failed', 'last-server', `${address} is the last server of upstream ${upstream}`, {
      hint: `add another one first: lbctl pool add ${upstream} ADDRESS; or take the upstream out of ${file}`,
    });
  }
  const index = servers.findIndex((server) => server.address === address);
  const text = withoutServer({ source, file, upstream }, index);
  return change(invocation, { action: 'remove', loaded, lists, text, server: { upstream, address } });
}
