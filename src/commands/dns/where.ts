import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { allClients, clientsOf, type Client } from '../../lib/dns/answers/client.ts';
import { askAll, audiences } from '../../lib/dns/answers/everywhere.ts';
import { resolver } from '../../lib/dns/answers/resolve.ts';
import { audienceOf, svgMap } from '../../lib/dns/map/svg.ts';
import { STATE_TILES, world } from '../../lib/dns/map/world.ts';
import { canonical } from '../../lib/dns/names.ts';
import { addressType, type RecordSet, shown } from '../../lib/dns/record.ts';
import { hasFlags } from '../../lib/dns/wanted/flags.ts';
import { onlyRecords, type Wanted } from '../../lib/dns/wanted/wanted.ts';
import { findZone, recordsOf } from '../../lib/dns/route53/observe.ts';
import { UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { renderClients, renderWorld } from '../../lib/ui/where.ts';
import type { Invocation, Outcome } from '../command.ts';
import { askLive } from './live.ts';
import { type Asked, askedFor, findingsOn, tell } from './wanted.ts';
import { route53For } from './world.ts';

/**
 * `--json`: `{schemaVersion, names: [{name, type, clients: [{from, name, answer, rule, outcomes: [{share, values,
 * rules}]}]}]}`. Exit code 1 where a check found an error.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, cwd } = invocation;
  const isThere = typeof options['zone'] === 'string' && !hasFlags(invocation);
  const asked = isThere ? await inZone(invocation, options['zone'] as string) : await askedFor(invocation);
  // what is there already is shown as it is
  const found = isThere ? [] : findingsOn(asked, []);
  tell(found, terminal);
  const errors = found.filter(({ level }) => level === 'error');
  const outcome = errors.length > 0 ? 1 : 0;
  // who gets what is not known of records that cannot be
  if (!terminal.json && errors.some(({ check }) => UNREADABLE.has(check))) return outcome;
  const { wanted } = asked;
  const entries = entriesOf(wanted, textOf(options['name']), textOf(options['type']));
  const from = textOf(options['from']);
  const address = from !== undefined && addressType(from) !== undefined ? from : undefined;
  if (address === undefined && options['live'] === true)
    throw new UserError('usage', 'needs-address', '--live asks for an address, and none is given', {
      hint: 'name one: --from 203.0.113.7 --live',
    });
  const clients =
    address === undefined ? clientsFrom(from) : clientsAt(address, wanted, options['live'] === true);
  const down = downIn(wanted, invocation.lists['down'] ?? []);
  const { ask } = resolver({
    sets: wanted.sets,
    isDown: ({ SetIdentifier }) => SetIdentifier !== undefined && down.has(SetIdentifier),
    networks: Object.assign({}, ...wanted.collections.map(({ locations }) => locations)) as Record<
      string,
      string[]
    >,
  });
  const answers = entries.map(({ Name, Type }) => {
    const title = `${shown(Name)} ${Type}`;
    const answered = askAll({ ask }, Name, Type, clients);
    return { Name, Type, title, answered, found: audiences(answered) };
  });
  if (address !== undefined && options['live'] === true)
    return (await askLive(invocation, wanted, answers, address)) ? outcome : 1;
  const file = textOf(options['svg']);
  if (file !== undefined) {
    const [first] = answers;
    writeFileSync(resolve(cwd, file), svgMap(`${first!.title}: who gets what`, first!.found));
  }
  if (terminal.json) {
    terminal.printJson({
      names: answers.map(({ Name, Type, answered }) => ({
        name: shown(Name),
        type: Type,
        clients: answered.map(({ client, answer, rule, outcomes }) => ({
          from: client.title,
          name: client.name,
          answer,
          rule,
          outcomes: outcomes.map(({ share, values, rules }) => ({ share, values, rules })),
        })),
      })),
    });
    return outcome;
  }
  const isOverview = options['from'] === undefined;
  const blocks = answers.map(({ title, answered, found }) =>
    isOverview
      ? renderWorld(
          { title, answered, audiences: found, world: world(), states: STATE_TILES, audienceOf },
          terminal.width,
          terminal.style,
        )
      : renderClients({ title, answered }, terminal.style),
  );
  terminal.print(blocks.join('\n\n'));
  return outcome;
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The records that a zone has now. */
async function inZone(invocation: Invocation, name: string): Promise<Asked> {
  const isPrivate = invocation.options['private'] === true;
  const api = await route53For(invocation);
  const zone = await findZone(api, name, isPrivate);
  const sets = (await recordsOf(api, zone)).filter((set) => ANSWERS.has(set.Type));
  return { wanted: onlyRecords(zone.name, isPrivate, sets), loaded: undefined };
}

/** Checks whose errors leave nothing to be said of who gets what. */
const UNREADABLE = new Set(['names', 'regions']);

/** Types that lead clients somewhere. */
const ANSWERS = new Set(['A', 'AAAA', 'CNAME']);

/** Names that clients ask for: those that no alias leads to, each with one type. */
function entriesOf(
  { sets }: Wanted,
  name: string | undefined,
  type: string | undefined,
): readonly Pick<RecordSet, 'Name' | 'Type'>[] {
  const inner = new Set(sets.flatMap(({ AliasTarget }) => AliasTarget?.DNSName ?? []));
  const found = new Map<string, RecordSet>();
  for (const set of sets) {
    const isMeant = name === undefined ? !inner.has(set.Name) : set.Name === canonical(name);
    if (!isMeant || (type !== undefined && set.Type !== type.toUpperCase())) continue;
    if (!found.has(set.Name)) found.set(set.Name, set);
  }
  if (found.size > 0) return [...found.values()];
  const what = [name, type?.toUpperCase()].filter((part) => part !== undefined).join(' ');
  throw new UserError('usage', 'no-such-record', `there is no such record: ${what}`, {
    hint: `there are ${[...new Set(sets.map(({ Name, Type }) => `${shown(Name)} ${Type}`))].join(', ')}`,
  });
}

/** The answers that are to be taken for dead, by identifier. */
function downIn({ sets }: Wanted, asked: readonly string[]): ReadonlySet<string> {
  const known = [...new Set(sets.flatMap(({ SetIdentifier }) => SetIdentifier ?? []))];
  for (const id of asked) {
    if (known.includes(id)) continue;
    const close = nearest(id, known);
    throw new UserError('usage', 'no-such-answer', `--down ${id}: there is no such answer`, {
      hint:
        known.length === 0
          ? 'all get the same of these records, and no answer has a name'
          : `${close === undefined ? '' : `did you mean ${close}? `}there are ${known.join(', ')}`,
    });
  }
  return new Set(asked);
}

function clientsFrom(from: string | undefined): readonly Client[] {
  if (from === undefined || from === 'all') return allClients();
  const found = clientsOf(from.startsWith('us:') ? `us:${from.slice(3).toUpperCase()}` : from.toUpperCase());
  if (found.length > 0) return found;
  throw new UserError('usage', 'no-such-place', `${from} is no country, continent or state`, {
    hint: 'write a code of ISO 3166 such as DE, a continent such as EU, a state such as us:CA, an address, or all',
  });
}

/** An address alone, where that decides; for comparing with what is answered, everybody whom it might belong to. */
function clientsAt(address: string, { sets }: Wanted, isLive: boolean): readonly Client[] {
  const isPlaced = sets.some(
    ({ Region, GeoLocation, GeoProximityLocation }) => Region ?? GeoLocation ?? GeoProximityLocation,
  );
  if (isLive) return isPlaced ? allClients() : [{ title: address, name: address, address }];
  if (!isPlaced) return [{ title: address, name: 'this address', address }];
  throw new UserError('usage', 'needs-live', `where ${address} is, only Route 53 knows`, {
    hint: `ask it: --from ${address} --live; or name a country, such as --from DE`,
  });
}
