import type { Fault } from '../../lib/balancer/fault.ts';
import { longServer } from '../../lib/balancer/schema/upstreams.ts';
import { UserError } from '../../lib/errors.ts';
import { type NewServer, withServer } from '../../lib/pool/edit.ts';
import { withPort } from '../../lib/pool/names.ts';
import type { Invocation, Outcome } from '../command.ts';
import { change, upstreamIn } from './change.ts';

/** `--json`: see `change`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { args, options } = invocation;
  const { upstream, loaded, lists } = await upstreamIn(invocation);
  const { balancer, source, file } = loaded;
  const { servers } = balancer.upstreams[upstream]!;
  const given = serverFrom(args[1]!, options);
  const { address, remark } = withPort(
    given.address,
    servers.map((other) => other.address),
  );
  const server = { ...given, address };
  if (servers.some((other) => other.address === address)) {
    throw new UserError('usage', 'already-there', `upstream ${upstream} has ${address} already`, {
      hint: 'lbctl pool list shows how it does; its weight and limits are changed in lb.yaml',
    });
  }
  const text = withServer({ source, file, upstream }, server);
  return change(invocation, { action: 'add', loaded, lists, text, server: { upstream, address }, remark });
}

function serverFrom(address: string, options: Invocation['options']): NewServer {
  const { weight, maxConns, backup } = options;
  const server = {
    address,
    ...(weight === undefined ? {} : { weight: numberFrom(weight) }),
    ...(maxConns === undefined ? {} : { max_conns: numberFrom(maxConns) }),
    ...(backup === true ? { backup: true } : {}),
  };
  const faults: Fault[] = [];
  longServer.read(server, [], faults);
  const [fault] = faults;
  if (fault) {
    const [key] = fault.path;
    const flag = key === 'address' ? '' : `--${String(key).replace('_', '-')}: `;
    throw new UserError('usage', 'bad-server', `${flag}${fault.message}`, { hint: fault.hint });
  }
  return server as NewServer;
}

/** What is no number stays what it is, and is told so. */
function numberFrom(text: string | boolean): unknown {
  return typeof text === 'string' && /^\d{1,9}$/u.test(text) ? Number(text) : text;
}
