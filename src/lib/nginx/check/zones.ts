import type { Word } from '../syntax/tree.ts';
import type { Site } from './level.ts';
import type { Visit } from './visit.ts';

interface Zone {
  /** Who may use it: zones of one name belong to one kind of directive. */
  readonly kind: string;
  size: number | undefined;
  readonly site: Site;
  readonly word: Word;
  /** Whether it was made, and not only used. */
  bound: boolean;
}

/** The shared memory zones of a configuration; http, stream and mail share their names. */
export class Zones {
  private readonly zones = new Map<string, Zone>();

  /** Notes that a zone is used or, with a size, made. A conflict with what is known of it is a fault. */
  use(visit: Visit, word: Word, name: string, kind: string, size?: number): boolean {
    const zone = this.zones.get(name);
    const { site } = visit;
    if (!zone) {
      this.zones.set(name, { kind, size, site, word, bound: false });
      return true;
    }
    const related = { message: 'the other one', site: zone.site };
    if (zone.kind !== kind) {
      visit.fault(
        'syntax/zone',
        `the zone ${name} is one of ${zone.kind}, it cannot serve ${kind} as well`,
        word,
        {
          hint: 'choose another name for one of them',
          related,
        },
      );
      return false;
    }
    zone.size ??= size;
    if (size !== undefined && size !== zone.size) {
      visit.fault('syntax/zone', `the zone ${name} has two sizes`, word, { related });
      return false;
    }
    return true;
  }

  /** Makes a zone that only one directive may make. */
  bind(visit: Visit, word: Word, name: string, kind: string, size: number): void {
    const before = this.zones.get(name);
    if (!this.use(visit, word, name, kind, size)) return;
    const zone = this.zones.get(name)!;
    if (zone.bound) {
      visit.fault('syntax/duplicate', `the zone ${name} is made twice`, word, {
        related: { message: 'the first one', site: before!.site },
      });
    }
    zone.bound = true;
  }

  has(name: string): boolean {
    return this.zones.get(name)?.size !== undefined;
  }

  /** Names of the zones that are made, for hints. */
  *madeNames(): Generator<string> {
    for (const [name, { size }] of this.zones) if (size !== undefined) yield name;
  }

  /** Zones that are used, but that nothing gives a size. */
  *unmade(): Generator<{ readonly name: string } & Omit<Zone, 'size' | 'bound'>> {
    for (const [name, zone] of this.zones) if (!zone.size) yield { name, ...zone };
  }
}
