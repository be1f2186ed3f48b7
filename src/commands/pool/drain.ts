import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import { UserError } from '../../lib/errors.ts';
import { serverOf, wordOf } from '../../lib/pool/drained.ts';
import { serversNamed } from '../../lib/pool/names.ts';
import { asServed, redrained, servingOn } from '../../lib/pool/redrain.ts';
import { awaitDrained, connectionsTo, inWords } from '../../lib/pool/wait.ts';
import { secondsOf } from '../../lib/release/settings.ts';
import { loadBalancer } from '../../lib/source/load.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Invocation, Outcome } from '../command.ts';
import { discovers } from '../found.ts';
import { rollOutFrom } from '../roll-out/roll-out.ts';

/** Seconds to wait for open connections where nothing else is said. */
const TIMEOUT = 300;

/** `--json`: see `rollOutFrom`; and `drained: [{upstream, address}], open`, which counts the connections that are left. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, args, options } = invocation;
  const timeout = secondsOf('--timeout', options['timeout'], TIMEOUT);
  const within = typeof options['upstream'] === 'string' ? options['upstream'] : undefined;
  const loaded = await loadBalancer(invocation);
  // what lb.yaml names is told before nodes are asked; what is found is what they have, without asking AWS
  const known = discovers(loaded) ? undefined : serversNamed(loaded.balancer, args[0]!, within);
  return rollOutFrom(invocation, {
    action: 'drain',
    loaded,
    async choose(_, surveyed) {
      const serving = await servingOn(surveyed);
      const servers = known ?? serversNamed(asServed(loaded.balancer, serving), args[0]!, within);
      const { address } = servers[0]!;
      const limited = `${address}${within === undefined ? '' : ` --upstream ${within}`}`;
      const words = servers.map(wordOf).filter((word) => serving.some(({ usable }) => usable.has(word)));
      if (words.length === 0) throw notServing(address);
      const names = words.map((word) => serverOf(word).upstream).join(' and ');
      return {
        releases: redrained(serving, (drained) => [...new Set([...drained, ...words])]),
        question: `Give ${address} no new connections from ${names}?`,
        message: `${address} of ${names}`,
        remarks: comingBack(loaded.balancer, words),
        again: `lbctl pool drain ${limited}`,
        back: `lbctl pool undrain ${limited}`,
        async finish(nodes, done) {
          const live = loaded.balancer.nginx.plus ? words.map((word) => serverOf(word).upstream) : [];
          const count = (): Promise<number> => connectionsTo(nodes, address, live);
          const open = await withProgress(terminal, { yes: true }, (io) =>
            awaitDrained(address, count, timeout, io),
          );
          const document = { ...done, drained: words.map(serverOf), open };
          if (open === 0) return document;
          throw new UserError(
            'failed',
            'still-open',
            `${inWords(open)} to ${address} ${open === 1 ? 'is' : 'are'} still open after ${timeout} s; it stays drained`,
            {
              hint: `wait on with lbctl pool drain ${limited}, or put it back with lbctl pool undrain ${limited}`,
              done: document,
            },
          );
        },
      };
    },
  });
}

/** NGINX Plus goes on with clients that are bound to a server. */
function comingBack({ nginx, upstreams }: Balancer, words: readonly string[]): string[] {
  const bound = words.map(serverOf).filter(({ upstream }) => nginx.plus && upstreams[upstream]?.sticky);
  return bound.map(
    ({ upstream, address }) =>
      `clients of ${upstream} that have met ${address} come back to it by their cookie, until it is removed`,
  );
}

function notServing(address: string): UserError {
  return new UserError(
    'failed',
    'not-serving',
    `${address} gets no connections now: it is down in lb.yaml, or no release that serves has it`,
    { hint: 'lbctl pool list shows what the nodes have, and lbctl plan what lb.yaml would change' },
  );
}
