import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import { UserError } from '../../lib/errors.ts';
import type { NetworkBalancer } from '../../lib/metrics/balancer.ts';
import { choose, regionsFor } from '../../lib/metrics/choose.ts';
import { collect, type Fetch } from '../../lib/metrics/collect.ts';
import { balancerDocument } from '../../lib/metrics/document.ts';
import { isInFrontOf, withNodes } from '../../lib/metrics/nodes.ts';
import { sheetOf } from '../../lib/metrics/sheet.ts';
import { CLOUDWATCH } from '../../lib/metrics/window.ts';
import { renderSheet } from '../../lib/ui/metrics/overview.ts';
import { renderBalancers } from '../../lib/ui/metrics/table.ts';
import type { Invocation } from '../command.ts';
import type { Subject } from './sight.ts';

/**
 * Network Load Balancers, by name and ARN, or all of the Region.
 * @param stack one that runs on EC2: those in front of its nodes alone.
 */
export function balancers(invocation: Invocation, stack?: Balancer): Subject {
  const { args } = invocation;
  return {
    limits: CLOUDWATCH,
    async open() {
      const regions = stack?.regions ?? regionsFor(args);
      const { networkBalancersIn } = await import('../../lib/aws/load-balancers.ts');
      const { fetch, close } = await fetching();
      invocation.atEnd(async () => close());
      const named = choose(
        args,
        (await Promise.all(regions.map((region) => networkBalancersIn(region)))).flat(),
      );
      let chosen = await withTheirNodes(named, invocation, stack?.name);
      let isFresh = true;
      return async (window, now) => {
        // nodes come and go while it is watched, and how many serve is said of now
        if (!isFresh) chosen = await withTheirNodes(named, invocation, stack?.name);
        isFresh = false;
        const all = await collect(chosen, window, now, fetch);
        const judged = all.map((readings) => ({ readings, sheet: sheetOf(readings, window) }));
        const sheets = judged.map(({ sheet }) => sheet);
        return {
          sheets,
          document: {
            loadBalancers: judged.map(({ readings, sheet }) =>
              balancerDocument(readings.balancer, sheet, window.period),
            ),
            instances: [],
          },
          screen: (terminal) =>
            sheets.length === 1
              ? renderSheet(sheets[0]!, window, terminal)
              : renderBalancers(
                  judged.map(({ readings, sheet: { verdicts } }) => ({ readings, verdicts })),
                  window,
                  terminal,
                ),
        };
      };
    },
  };
}

/**
 * The balancers with the Auto Scaling groups behind them, which are listed once a Region. Where that cannot be done the
 * balancers are shown without, and that is said.
 * @param stack only those in front of its nodes are wanted, which cannot be told without.
 */
async function withTheirNodes(
  balancers: readonly NetworkBalancer[],
  { terminal }: Invocation,
  stack: string | undefined,
): Promise<NetworkBalancer[]> {
  const regions = [
    ...new Set(balancers.filter(({ groups }) => groups.length > 0).map(({ region }) => region)),
  ];
  if (regions.length === 0) return [...balancers];
  const { registeredGroupsIn } = await import('../../lib/aws/auto-scaling.ts');
  const found = await Promise.all(
    regions.map((region) =>
      registeredGroupsIn(region).catch((error: unknown) => {
        if (stack !== undefined || !(error instanceof UserError)) throw error;
        const hint = error.hint === undefined ? '' : `; ${error.hint}`;
        terminal.note(`${terminal.noteStyle.yellow('!')} nodes are not shown: ${error.message}${hint}`);
        return [];
      }),
    ),
  );
  const all = new Map(regions.map((region, index) => [region, found[index]!]));
  const groupsOf = ({ region }: NetworkBalancer) => all.get(region) ?? [];
  const wanted = balancers.filter(
    (balancer) => stack === undefined || isInFrontOf(stack, balancer, groupsOf(balancer)),
  );
  if (wanted.length === 0)
    throw new UserError(
      'input',
      'no-balancer',
      `there is no load balancer in front of nodes of ${stack} here`,
      {
        hint: 'lbctl up makes what lb.yaml asks for',
      },
    );
  return wanted.map((balancer) => withNodes(balancer, groupsOf(balancer)));
}

/** A client for each Region that is asked, made when it is. */
async function fetching(): Promise<{ readonly fetch: Fetch; close(): void }> {
  const { cloudWatch } = await import('../../lib/aws/cloudwatch.ts');
  const clients = new Map<string, ReturnType<typeof cloudWatch>>();
  return {
    fetch(region, queries, from, to) {
      const client = clients.get(region) ?? cloudWatch(region);
      clients.set(region, client);
      return client.metricData(queries, from, to);
    },
    close: () => clients.forEach((client) => client.close()),
  };
}
