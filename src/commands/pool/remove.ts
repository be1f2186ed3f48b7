import { UserError } from '../../lib/errors.ts';
import { withoutServer } from '../../lib/pool/edit.ts';
import { serversNamed } from '../../lib/pool/names.ts';
import type { Invocation, Outcome } from '../command.ts';
import { change, upstreamIn } from './change.ts';

/** `--json`: see `change`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { args } = invocation;
  const { upstream, loaded, lists } = await upstreamIn(invocation);
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
