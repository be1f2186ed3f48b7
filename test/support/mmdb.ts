/** A value of the format: text, a list, a map, or one that is already encoded. */
type Value = string | Buffer | readonly Value[] | { readonly [key: string]: Value };

const TEXT = 2;
const UINT16 = 5;
const UINT32 = 6;
const MAP = 7;
/** Types above 7 are told in a second byte, less 7. */
const EXTENDED = { uint64: 2, list: 4 };

/** A database that knows one /8 network. Source: the MaxMind DB file format, version 2.0. */
export function locationDatabase(firstOctet: number, data: Value): Buffer {
  const nodes = 8;
  const found = nodes + 16;
  const tree = Array.from({ length: nodes }, (_, index) => {
    const bit = (firstOctet >> (7 - index)) & 1;
    const next = index === nodes - 1 ? found : index + 1;
    return bit === 0 ? [next, nodes] : [nodes, next];
  }).flat();
  const metadata = {
    binary_format_major_version: number(UINT16, 2),
    binary_format_minor_version: number(UINT16, 0),
    build_epoch: Buffer.from([1, EXTENDED.uint64, 1]),
    database_type: 'GeoLite2-City',
    description: { en: 'a test' },
    ip_version: number(UINT16, 4),
    languages: ['en'],
    node_count: number(UINT32, nodes),
    record_size: number(UINT16, 24),
  };
  return Buffer.concat([
    ...tree.map((record) => Buffer.from([record >> 16, record >> 8, record])),
    Buffer.alloc(16),
    encode(data),
    Buffer.from('abcdef', 'hex'),
    Buffer.from('MaxMind.com'),
    encode(metadata),
  ]);
}

function encode(value: Value): Buffer {
  if (typeof value === 'string')
    return Buffer.concat([head(TEXT, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    return Buffer.concat([Buffer.from([items.length, EXTENDED.list]), ...items.map(encode)]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([head(MAP, entries.length), ...entries.flat().map(encode)]);
}

/** Type and size in one byte; sizes from 29 on take another. */
function head(type: number, size: number): Buffer {
  return size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29]);
}

/** A number below 256; zero has no bytes. */
function number(type: number, value: number): Buffer {
  return value === 0 ? head(type, 0) : Buffer.concat([head(type, 1), Buffer.from([value])]);
}
