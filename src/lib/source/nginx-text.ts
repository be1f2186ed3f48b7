import { isUtf8 } from 'node:buffer';

/** A file's text, with what is needed to turn it into the same bytes again. */
export interface EncodedText {
  readonly text: string;
  /** `latin1` where the bytes are not UTF-8: each byte is one character then. */
  readonly encoding: 'utf8' | 'latin1';
}

/** Text of an NGINX file. NGINX itself knows bytes only, so that any bytes are a text. */
export function decode(bytes: Buffer): EncodedText {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  return { text: bytes.toString(encoding), encoding };
}

/** The bytes of a text that `decode` made. */
export function encode({ text, encoding }: EncodedText): Buffer {
  return Buffer.from(text, encoding);
}
