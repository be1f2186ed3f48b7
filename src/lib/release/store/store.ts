import { createHash } from 'node:crypto';
import type { Bucket } from '../../aws/s3.ts';
import { UserError } from '../../errors.ts';
import { archive, unarchive } from '../archive.ts';
import type { ReleaseFile } from '../build.ts';
import { type About, writeAbout } from '../history.ts';
import script from '../node/node.sh';

/** What new nodes are to serve: `current` in the bucket. */
interface Pointer {
  readonly release: string;
  /** Key of its archive, and the SHA-256 of that. */
  readonly archive: string;
  readonly sha256: string;
  /** Key of the script that nodes work with; the SHA-256 of it stands in it. */
  readonly script: string;
  /** Who brought it, and why, as nodes keep it. */
  readonly about: string;
  /** Servers that get no new connections, parted by blanks. */
  readonly drained: string;
  /** What was current before, the latest first: `RELEASE=SHA256` of its archive, parted by blanks. */
  readonly earlier: string;
}

/** A release that was current before. */
export interface Former {
  readonly id: string;
  /** Its files; null where its archive is gone. */
  files(): Promise<readonly ReleaseFile[] | null>;
}

/** The pointer as it was seen; null for none. */
export interface Seen {
  readonly pointer: Pointer | null;
  readonly etag: string | null;
}

/** A release for nodes that come. */
interface Stored {
  readonly id: string;
  readonly files: readonly ReleaseFile[];
  readonly about: About;
  readonly drained: readonly string[];
}

/** Releases in a bucket. Keys of all but the pointer are digests of what is there, so nothing is ever written over. */
export interface Store {
  readonly bucket: string;
  readonly region: string;
  /** Brings bytes for nodes to fetch. */
  keep(bytes: Uint8Array): Promise<{ readonly key: string; readonly sha256: string }>;
  look(): Promise<Seen>;
  /**
   * Has nodes that come serve a release.
   * @param seen the pointer that this is decided by.
   * @throws UserError `failed` where somebody else has moved it meanwhile.
   */
  move(release: Stored, seen: Seen): Promise<Seen>;
  /** What was current before, the latest first: nodes that have come since have none of it. */
  former(): Promise<readonly Former[]>;
  /** Regions that the balancer was brought up in, as far as that is noted here. */
  regions(): Promise<readonly string[]>;
  /** Notes them: once lb.yaml has one of them no longer, nothing else leads there. */
  noteRegions(regions: readonly string[]): Promise<void>;
  /** Deletes archives but the newest, and those that the pointer names, as what serves or has served. */
  tidy(): Promise<void>;
  empty(): Promise<void>;
  close(): void;
}

const POINTER = 'current';
const REGIONS = 'regions';
/** Archives that stay, as many as releases on a node. */
const KEPT = 10;

export function storeIn(bucket: Bucket): Store {
  const kept = new Map<string, Promise<unknown>>();

  async function bring(key: string, bytes: Uint8Array): Promise<void> {
    // what has the key already is the same
    let brought = kept.get(key);
    if (brought === undefined) {
      brought = bucket.put(key, bytes, null).catch((error: unknown) => {
        kept.delete(key);
        throw error;
      });
      kept.set(key, brought);
    }
    await brought;
  }

  async function keep(bytes: Uint8Array): Promise<{ key: string; sha256: string }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const isScript = Buffer.from(bytes.subarray(0, 2)).toString('latin1') === '#!';
    const key = isScript ? `scripts/${sha256}.sh` : `releases/${sha256}.tar`;
    await bring(key, bytes);
    return { key, sha256 };
  }

  async function look(): Promise<Seen> {
    const found = await bucket.get(POINTER);
    return found === null ? { pointer: null, etag: null } : { pointer: read(found.bytes), etag: found.etag };
  }

  async function regions(): Promise<readonly string[]> {
    const found = await bucket.get(REGIONS);
    const words = found === null ? [] : Buffer.from(found.bytes).toString('latin1').split(/\s+/u);
    return words.filter((word) => /^[a-z]{2}(?:-[a-z]+)+-\d+$/u.test(word));
  }

  return {
    bucket: bucket.name,
    region: bucket.region,
    keep,
    look,
    async move({ id, files, about, drained }, seen) {
      const [packed, work] = await Promise.all([keep(await archive(files)), keep(Buffer.from(script))]);
      const pointer = {
        release: id,
        archive: packed.key,
        sha256: packed.sha256,
        script: work.key,
        about: writeAbout(about),
        drained: drained.join(' '),
        earlier: earlierThan(id, seen.pointer),
      };
      const etag = await bucket.put(POINTER, write(pointer), seen.etag);
      if (etag !== null) return { pointer, etag };
      // our own answer may have been lost, and the call made again
      const now = await look();
      if (now.pointer !== null && write(now.pointer).equals(write(pointer))) return now;
      throw new UserError(
        'failed',
        'pointer-moved',
        `somebody else has brought ${now.pointer === null ? 'no release' : `release ${now.pointer.release}`} to ${bucket.name} meanwhile: new nodes serve that`,
        { hint: 'see what serves with lbctl status, and run the command again' },
      );
    },
    async former() {
      const { pointer } = await look();
      return entriesIn(pointer).map(({ id, key }) => ({
        id,
        async files() {
          const found = await bucket.get(key);
          return found === null ? null : unarchive(found.bytes);
        },
      }));
    },
    regions,
    async noteRegions(wanted) {
      const names = [...wanted].toSorted();
      if ((await regions()).join(' ') !== names.join(' '))
        await bucket.put(REGIONS, Buffer.from(`${names.join('\n')}\n`));
    },
    async tidy() {
      const { pointer } = await look();
      const [archives, scripts] = await Promise.all([bucket.list('releases/'), bucket.list('scripts/')]);
      const old = [...archives.slice(0, -KEPT), ...scripts.slice(0, -KEPT)].map(({ key }) => key);
      const used = new Set([pointer?.archive, pointer?.script, ...entriesIn(pointer).map(({ key }) => key)]);
      await bucket.remove(old.filter((key) => !used.has(key)));
    },
    empty: () => bucket.empty(),
    close: () => bucket.close(),
  };
}

/** What a pointer will say of those before, once a release takes its place. */
function earlierThan(id: string, pointer: Pointer | null): string {
  const before = pointer === null ? [] : [`${pointer.release}=${pointer.sha256}`];
  const all = [...before, ...(pointer?.earlier ?? '').split(' ')];
  const others = all.filter((entry) => entry !== '' && !entry.startsWith(`${id}=`));
  return [...new Map(others.toReversed().map((entry) => [entry.split('=')[0], entry])).values()]
    .toReversed()
    .slice(0, KEPT - 1)
    .join(' ');
}

function entriesIn(pointer: Pointer | null): { readonly id: string; readonly key: string }[] {
  return [...(pointer?.earlier ?? '').matchAll(/([0-9a-f]{16})=([0-9a-f]{64})/gu)].map(
    ([, id = '', sha256]) => ({ id, key: `releases/${sha256}.tar` }),
  );
}

/** A key a line: nodes read it with sed. */
function write(pointer: Pointer): Buffer {
  return Buffer.from(`${JSON.stringify({ schemaVersion: 1, ...pointer }, null, 2)}\n`);
}

function read(bytes: Uint8Array): Pointer | null {
  try {
    const { schemaVersion: _, ...pointer } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Pointer & {
      schemaVersion: number;
    };
    return { ...pointer, earlier: pointer.earlier ?? '' };
  } catch {
    // whatever it is, it is replaced
    return null;
  }
}
