import { record } from '../shape/containers.ts';
import { text } from '../shape/scalars.ts';

/** What AWS takes for keys and values of tags on all its services. */
const TAG = String.raw`[\p{L}\p{N}_.:/=+@ -]`;

const tagKey = text(
  new RegExp(`^(?!aws:|lbctl:)${TAG}{1,128}$`, 'u'),
  'must be 1 to 128 letters, digits, spaces or _ . : / = + - @, and aws: and lbctl: are taken',
);
const tagValue = text(
  new RegExp(`^${TAG}{0,256}$`, 'u'),
  'must be at most 256 letters, digits, spaces or _ . : / = + - @',
);

/** Tags of one's own, beside those of lbctl. */
export const tags = record(tagKey, tagValue).default({});
