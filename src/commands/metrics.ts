import { UserError } from '../lib/errors.ts';
import { choose, regionsFor } from '../lib/metrics/choose.ts';
import { collect, type Fetch } from '../lib/metrics/collect.ts';
import { balancerDocument } from '../lib/metrics/document.ts';
import type { Readings } from '../lib/metrics/readings.ts';
import { reporterFor } from '../lib/metrics/reporters/registry.ts';
import { verdictsOn } from '../lib/metrics/verdicts/judge.ts';
import { type Window, windowOf } from '../lib/metrics/window.ts';
import { renderBalancer } from '../lib/ui/metrics/overview.ts';
import { renderBalancers } from '../lib/ui/metrics/table.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, loadBalancers: [{name, arn, series, verdicts}]}`; see `balancerDocument`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, args } = invocation;
  const reporter = reporterFor(options);
  const watches = options['watch'] === true;
  if (watches && (terminal.json || reporter !== undefined || !terminal.live))
    throw new UserError(
      'usage',
      'watch-needs-terminal',
      '--watch draws on a terminal, and in no other form',
      {
        hint: 'in a script, run the command once a minute',
      },
    );
  // read before anything is asked: what is wrong with them needs no credentials
  const asked = {
    since: textIn(options['since']),
    until: textIn(options['until']),
    period: textIn(options['period']),
  };
  let window = windowOf(asked, new Date());
  const regions = regionsFor(args);
  const { networkBalancersIn } = await import('../lib/aws/load-balancers.ts');
  const { fetch, close } = await fetching();
  invocation.atEnd(async () => close());
  const balancers = choose(
    args,
    (await Promise.all(regions.map((region) => networkBalancersIn(region)))).flat(),
  );
  for (;;) {
    const readings = await collect(balancers, window, new Date(), fetch);
    if (terminal.json) {
      terminal.printJson({ loadBalancers: readings.map((one) => balancerDocument(one, window.period)) });
      return 0;
    }
    for (const note of window.notes) terminal.note(`${terminal.noteStyle.yellow('!')} ${note}`);
    if (reporter !== undefined) {
      terminal.write(Buffer.from(reporter(readings, window)));
      return 0;
    }
    const screen = screenOf(readings, window, invocation);
    if (!watches) {
      terminal.print(screen);
      return 0;
    }
    terminal.redraw(screen);
    await new Promise((resolve) => setTimeout(resolve, REFRESH));
    window = windowOf(asked, new Date());
  }
}

/** Milliseconds between two looks: NLBs measure once a minute. */
const REFRESH = 60_000;

function textIn(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' ? option : undefined;
}

/** A client for each Region that is asked, made when it is. */
async function fetching(): Promise<{ readonly fetch: Fetch; close(): void }> {
  const { cloudWatch } = await import('../lib/aws/cloudwatch.ts');
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

function screenOf(all: readonly Readings[], window: Window, { terminal }: Invocation): string {
  const judged = all.map((readings) => ({ readings, verdicts: verdictsOn(readings) }));
  const [first, ...others] = judged;
  return others.length === 0
    ? renderBalancer(first!.readings, first!.verdicts, window, terminal)
    : renderBalancers(judged, window, terminal);
}
