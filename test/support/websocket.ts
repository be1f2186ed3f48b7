import { createHash, randomBytes } from 'node:crypto';

/** Source: RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const TEXT = 0x81;
const MASKED = 0x80;

export function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}

/** A text message of less than 126 bytes in one frame; clients must mask theirs. */
export function encodeFrame(text: string, masked = false): Buffer {
  const payload = Buffer.from(text);
  if (!masked) return Buffer.concat([Buffer.from([TEXT, payload.length]), payload]);
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from([TEXT, MASKED | payload.length]), mask, xor(payload, mask)]);
}

/** The short text messages in a chunk. */
export function decodeFrames(chunk: Buffer): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at + 2 <= chunk.length) {
    const opcode = chunk[at];
    const second = chunk[at + 1]!;
    const length = second & 0x7f;
    const start = at + 2 + (second & MASKED ? 4 : 0);
    const payload = chunk.subarray(start, start + length);
    const text = second & MASKED ? xor(payload, chunk.subarray(at + 2, at + 6)) : payload;
    if (opcode === TEXT) texts.push(text.toString('utf8'));
    at = start + length;
  }
  return texts;
}

function xor(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ mask[index % 4]!));
}
