import { newLists } from '../lib/aws/lightsail/lists.ts';
import { UserError } from '../lib/errors.ts';
import { serverOf } from '../lib/pool/drained.ts';
import type { Step } from '../lib/plan/step.ts';
import { type AnyProvider, providerOf } from '../lib/providers/registry.ts';
import { loadBalancer, type Loaded } from '../lib/source/load.ts';
import { renderPlan, stepsDocument } from '../lib/ui/plan.ts';
import type { Invocation, Outcome } from './command.ts';
import { withServers } from './found.ts';
import { look, remarksOn, type Sight, stepsOf } from './roll-out/sight.ts';
import { comingUp } from './up.ts';

/** `--json`: `{schemaVersion, name, provider, steps: [{action, resource, name, details, traffic}], summary, drained}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const loaded = await loadBalancer(invocation);
  const { provider, sight, steps } = await planOf(invocation, loaded).catch((error: unknown) => {
    throw error instanceof UserError ? withoutAccount(error, loaded) : error;
  });
  const { choice } = sight;
  const remarks = [...remarksOn(sight), ...(steps.length > 0 ? await refusalOf(sight) : [])];
  for (const line of remarks) terminal.note(`${terminal.noteStyle.yellow('!')} ${line}`);
  if (terminal.json) {
    const drained = new Set(choice.releases.flatMap((release) => release.drained));
    terminal.printJson({
      name: loaded.balancer.name,
      provider: provider.name,
      ...stepsDocument(steps),
      drained: [...drained].map(serverOf),
    });
  } else {
    terminal.print(
      renderPlan({ balancer: loaded.balancer.name, provider: provider.name, steps }, terminal.style),
    );
    if (choice.notes !== undefined) terminal.note(choice.notes);
    if (steps.some(({ resource, action }) => resource === 'release' && action === 'change')) {
      const { file } = options;
      terminal.note(`lbctl diff${typeof file === 'string' ? ` --file ${file}` : ''} shows the lines`);
    }
  }
  return options['check'] === true && steps.length > 0 ? 1 : 0;
}

/** Whoever only wants to see what lbctl makes needs no account. */
function withoutAccount(error: UserError, { balancer, file }: Loaded): UserError {
  const { kind, code, message, hint = '', evidence, cause } = error;
  if (code !== 'no-credentials' && code !== 'no-such-profile') return error;
  const given = file === 'lb.yaml' ? '' : ` --file ${file}`;
  const shows =
    balancer.provider === 'ec2'
      ? `lbctl generate${given} --target cloudformation prints the template`
      : `lbctl generate${given} prints the configuration of NGINX`;
  return new UserError(kind, code, message, {
    hint: `${hint}; without an account ${shows}`,
    evidence,
    cause,
  });
}

/** Why `lbctl up` would do nothing of it as things are here. */
async function refusalOf({ choice }: Sight): Promise<string[]> {
  try {
    await choice.ahead?.check();
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error;
    return [`lbctl up would stop here: ${message}${hint === undefined ? '' : `; ${hint}`}`];
  }
}

/** What `lbctl up` would do for a balancer, and what that was told from. */
export async function planOf(
  invocation: Invocation,
  loaded: Loaded,
): Promise<{
  readonly provider: AnyProvider;
  readonly sight: Sight;
  readonly steps: readonly Step[];
}> {
  const provider = await providerOf(loaded.balancer);
  const lists = newLists();
  const place = provider.locate(loaded, lists);
  invocation.atEnd(() => provider.close(place));
  const world = { provider, place, loaded: await withServers(loaded, lists), lists };
  const sight = await look(invocation, comingUp(invocation), world);
  return { provider, sight, steps: await stepsOf(sight) };
}
