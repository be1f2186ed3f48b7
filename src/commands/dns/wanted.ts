import { locate } from '../../lib/balancer/fault.ts';
import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
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
  const loaded = await balancerOr(invocation, '--zone example.com --name www.example.com --simple 192.0.2.1');
  return fromBalancer(loaded, await addressesFor(invocation, loaded));
}

/**
 * The records of lb.yaml.
 * @throws UserError `input` where it has no `dns:`.
 */
export function fromBalancer(
  loaded: Loaded,
  regions: Readonly<Record<string, readonly string[]>> = {},
): Asked {
  const { balancer, file } = loaded;
  const { dns, name, health } = balancer;
  if (!dns) throw noDns(file);
  const authorities = authoritiesOf(balancer);
  const asked = read(
    wishOfBalancer(dns, { owner: name, healthPath: health.path, regions, authorities }),
    loaded,
  );
  if (asked.wanted.sets.length === 0)
    throw new UserError('input', 'no-answers', `dns: of ${file} says nowhere where clients are to be led`, {
      hint: 'add regions: { us-east-1: ADDRESS } or answers: to it',
    });
  return asked;
}

/** lb.yaml; where there is none, the hint names the flags that do without it. */
async function balancerOr(invocation: Invocation, flags: string): Promise<Loaded> {
  try {
    return await loadBalancer(invocation);
  } catch (cause) {
    if (!(cause instanceof UserError) || cause.code !== 'no-balancer-file') throw cause;
    const hint = `name another file with --file, or do without one by flags, such as ${flags}`;
    throw new UserError(cause.kind, cause.code, cause.message, { hint, cause });
  }
}

function noDns(file: string): UserError {
  return new UserError('input', 'no-dns', `${file} has no dns:`, {
    hint: 'add one, or give the records by flags, such as --zone example.com --name www.example.com --latency us-east-1=192.0.2.1',
  });
}

/** Addresses that the provider has, where lb.yaml does not give them all itself. */
async function addressesFor(
  invocation: Invocation,
  loaded: Loaded,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { dns, regions: named = [] } = loaded.balancer;
  if (!dns || (named.length > 0 && named.every((region) => Object.hasOwn(dns.regions, region)))) return {};
  const { providerOf } = await import('../../lib/providers/registry.ts');
  const provider = await providerOf(loaded.balancer);
  if (!provider.addresses) return {};
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  return provider.addresses(place);
}

/** Authorities that issue certificates of a balancer, as CAA records name them. */
function authoritiesOf({ listeners }: Balancer): readonly string[] {
  const directories = Object.values(listeners).flatMap(({ tls }) => tls?.acme?.directory ?? []);
  return directories.some((directory) => directory.startsWith('letsencrypt')) ? ['letsencrypt.org'] : [];
}

/** The zone that is meant: `--zone`, or that of lb.yaml. */
export async function zoneMeant(
  invocation: Invocation,
): Promise<{ readonly zone: string; readonly isPrivate: boolean }> {
  const { zone, private: isPrivate } = invocation.options;
  if (typeof zone === 'string') return { zone, isPrivate: isPrivate === true };
  const { balancer, file } = await balancerOr(invocation, '--zone example.com');
  if (!balancer.dns) throw noDns(file);
  return { zone: balancer.dns.zone, isPrivate: balancer.dns.private };
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
