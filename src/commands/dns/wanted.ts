import { locate } from '../../lib/balancer/fault.ts';
import { check, type Told } from '../../lib/dns/checks/registry.ts';
import type { RecordSet } from '../../lib/dns/record.ts';
import { wishOfBalancer } from '../../lib/dns/wanted/balancer.ts';
import { build } from '../../lib/dns/wanted/build.ts';
import { hasFlags, wishOfFlags } from '../../lib/dns/wanted/flags.ts';
import type { Place, Wanted, Wish } from '../../lib/dns/wanted/wanted.ts';
import { InvalidInput, UserError } from '../../lib/errors.ts';
import { type Loaded, loadBalancer } from '../../lib/source/load.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Invocation } from '../command.ts';

/** What is wanted, and how faults of it are told. */
export interface Asked {
  readonly wanted: Wanted;
  /** lb.yaml, where the records come from it. */
  readonly loaded: Loaded | undefined;
}

/** The records that flags or lb.yaml ask for. */
export async function askedFor(invocation: Invocation): Promise<Asked> {
  if (hasFlags(invocation)) return read(wishOfFlags(invocation), undefined);
  const loaded = await loadBalancer(invocation);
  return fromBalancer(loaded);
}

/**
 * The records of lb.yaml.
 * @throws UserError `input` where it has no `dns:`.
 */
function fromBalancer(loaded: Loaded): Asked {
  const { balancer, file } = loaded;
  const { dns, name, health } = balancer;
  if (!dns)
    throw new UserError('input', 'no-dns', `${file} has no dns:`, {
      hint: 'add one, or give the records by flags, such as --zone example.com --name www.example.com --latency us-east-1=192.0.2.1',
    });
  return read(wishOfBalancer(dns, { owner: name, healthPath: health.path }), loaded);
}

/** The zone that is meant: `--zone`, or that of lb.yaml. */
export async function zoneMeant(
  invocation: Invocation,
): Promise<{ readonly zone: string; readonly isPrivate: boolean }> {
  const { zone, private: isPrivate } = invocation.options;
  if (typeof zone === 'string') return { zone, isPrivate: isPrivate === true };
  const { wanted } = fromBalancer(await loadBalancer(invocation));
  return wanted;
}

function read(wish: Wish, loaded: Loaded | undefined): Asked {
  const { wanted, complaints } = build(wish);
  refuse(
    complaints.map(({ message, hint, at }) => ({ message, hint, at })),
    loaded,
  );
  return { wanted, loaded };
}

/** What checks find, each thing once. */
export function findingsOn({ wanted }: Asked, others: readonly RecordSet[]): readonly Told[] {
  return [...new Map(check({ wanted, others }).map((told) => [told.message, told])).values()];
}

/** Tells what was found, without refusing it. */
export function tell(found: readonly Told[], terminal: Terminal): void {
  const { yellow, red, dim } = terminal.noteStyle;
  for (const { message, hint, check: id, level } of found) {
    const sign = level === 'error' ? red('✗') : yellow('!');
    const more = hint === undefined ? '' : `; ${hint}`;
    terminal.note(`${sign} ${visible(message)}${visible(more)} ${dim(`(${id})`)}`);
  }
}

/**
 * Tells what is not as it should be, and refuses what cannot be.
 * @param others records of the zone that stay as they are.
 * @throws InvalidInput with the places in lb.yaml, or UserError `input` for flags.
 */
export function checkWanted(asked: Asked, others: readonly RecordSet[], terminal: Terminal): void {
  const found = findingsOn(asked, others);
  const { wanted, loaded } = asked;
  tell(
    found.filter(({ level }) => level === 'warning'),
    terminal,
  );
  refuse(
    found
      .filter(({ level }) => level === 'error')
      .map((told) => ({ ...told, at: wanted.places.get(told.set) ?? [] })),
    loaded,
  );
}

function refuse(
  faults: readonly { readonly message: string; readonly hint?: string | undefined; readonly at: Place }[],
  loaded: Loaded | undefined,
): void {
  const [first, ...more] = faults;
  if (!first) return;
  if (loaded)
    throw new InvalidInput(
      loaded.file,
      locate(
        faults.map(({ message, hint, at }) => ({ message, hint, path: at.length === 0 ? ['dns'] : at })),
        loaded.source,
      ),
    );
  throw new UserError('input', 'bad-records', first.message, {
    hint: first.hint,
    evidence: more.map(({ message }) => message),
  });
}
