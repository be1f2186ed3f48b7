import { UserError } from '../lib/errors.ts';
import { reporterFor } from '../lib/metrics/reporters/registry.ts';
import { windowOf } from '../lib/metrics/window.ts';
import type { Invocation, Outcome } from './command.ts';
import { balancers } from './metrics/balancers.ts';
import { instances, ownBalancer } from './metrics/instances.ts';

/**
 * `--json`: `{schemaVersion, loadBalancers: [{name, arn, series, verdicts}], instances: [{name, region, series,
 * verdicts}]}`, of which one is empty; see `document.ts`.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const reporter = reporterFor(options);
  const watches = options['watch'] === true;
  const draws = terminal.live && terminal.columns < Infinity;
  if (watches && (terminal.json || reporter !== undefined || !draws))
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
  const own = await ownBalancer(invocation);
  const { limits, open } =
    own?.provider === 'lightsail' ? instances(own, invocation) : balancers(invocation, own);
  windowOf(asked, new Date(), limits);
  const look = await open();
  const { aheadText, clockAhead, SET_CLOCK } = await import('../lib/aws/clock.ts');
  const ahead = clockAhead();
  if (ahead !== 0)
    terminal.note(
      `${terminal.noteStyle.yellow('!')} the clock of this machine is ${aheadText(ahead)}, by which times are told: ${SET_CLOCK}`,
    );
  for (;;) {
    const now = new Date(Date.now() - ahead * 1000);
    const window = windowOf(asked, now, limits);
    const sight = await look(window, now);
    if (terminal.json) {
      terminal.printJson(sight.document);
      return 0;
    }
    for (const note of window.notes) terminal.note(`${terminal.noteStyle.yellow('!')} ${note}`);
    if (reporter !== undefined) {
      terminal.write(Buffer.from(reporter(sight.sheets, window)));
      return 0;
    }
    const screen = sight.screen(terminal);
    if (!watches) {
      terminal.print(screen);
      return 0;
    }
    terminal.redraw(screen);
    await new Promise((resolve) => setTimeout(resolve, REFRESH));
  }
}

/** Milliseconds between two looks: NLBs measure once a minute. */
const REFRESH = 60_000;

function textIn(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' ? option : undefined;
}
