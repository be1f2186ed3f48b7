import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNumber, parseOffset, parseSize, parseTime } from '../../../../src/lib/nginx/check/values.ts';
import { quote } from '../../../../src/lib/nginx/write.ts';
import { nginxReader } from '../../../support/nginx-reading.ts';
import { without } from '../../../support/tools.ts';

const MOST = '9223372036854775807';

describe('a number', () => {
  test.each([
    ['0', 0],
    ['007', 7],
    ['65535', 65_535],
    [MOST, Number(MOST)],
    ['9223372036854775808', undefined],
    ['', undefined],
    ['-1', undefined],
    ['+1', undefined],
    ['1.5', undefined],
    ['1k', undefined],
    ['0x10', undefined],
    [' 1', undefined],
    ['\u0661', undefined],
  ])('%j is %j', (text, value) => expect(parseNumber(text)).toBe(value));
});

describe('a size and an offset', () => {
  test.each([
    ['0', 0, 0],
    ['8192', 8192, 8192],
    ['8k', 8192, 8192],
    ['8K', 8192, 8192],
    ['1m', 1_048_576, 1_048_576],
    ['1M', 1_048_576, 1_048_576],
    ['1g', undefined, 1_073_741_824],
    ['1G', undefined, 1_073_741_824],
    ['8388607t', undefined, undefined],
    ['9007199254740991k', 9_007_199_254_740_991 * 1024, 9_007_199_254_740_991 * 1024],
    ['9007199254740992k', undefined, undefined],
    ['8589934591g', undefined, 8_589_934_591 * 2 ** 30],
    ['8589934592g', undefined, undefined],
    ['', undefined, undefined],
    ['k', undefined, undefined],
    ['1kk', undefined, undefined],
    ['1.5m', undefined, undefined],
    ['1 m', undefined, undefined],
    ['-1', undefined, undefined],
  ])('%j is %j and %j', (text, size, offset) => {
    expect(parseSize(text)).toBe(size);
    expect(parseOffset(text)).toBe(offset);
  });
});

describe('a time', () => {
  test.each([
    ['0', 0, 0],
    ['30', 30, 30_000],
    ['30s', 30, 30_000],
    ['500ms', undefined, 500],
    ['1m', 60, 60_000],
    ['1h 30m', 5400, 5_400_000],
    ['1h30m', 5400, 5_400_000],
    ['1d', 86_400, 86_400_000],
    ['1w', 604_800, 604_800_000],
    ['1M', 2_592_000, undefined],
    ['1y', 31_536_000, undefined],
    ['1y 6M', 47_088_000, undefined],
    ['1s500ms', undefined, 1500],
    ['1m30', 90, 90_000],
    ['30m1h', undefined, undefined],
    ['1h1h', undefined, undefined],
    ['1h 1', 3601, 3_601_000],
    ['', undefined, undefined],
    ['s', undefined, undefined],
    ['1x', undefined, undefined],
    ['1.5s', undefined, undefined],
    ['-1', undefined, undefined],
    ['99999999999999999999', undefined, undefined],
  ])('%j is %j seconds and %j milliseconds', (text, seconds, milliseconds) => {
    expect(parseTime(text, 's')).toBe(seconds);
    expect(parseTime(text, 'ms')).toBe(milliseconds);
  });
});

const ANY = fc.string({ unit: 'binary', maxLength: 12 });

test('no text is thrown at', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        ANY,
        ANY.map((text) => `1${text}`),
        fc.stringMatching(/^[\d ymMwdhskgK]{0,40}$/u),
      ),
      (text) => {
        for (const value of [parseNumber(text), parseSize(text), parseOffset(text), parseTime(text, 's')])
          expect(value === undefined || value >= 0).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

describe.skipIf(without('nginx'))('NGINX takes the same', () => {
  const reader = nginxReader();
  const digits = fc.oneof(
    fc.nat(999).map(String),
    fc.constantFrom(
      '',
      '0',
      '00',
      MOST,
      '9223372036854775808',
      '9007199254740991',
      '106751991167',
      '9223372036854775',
    ),
  );
  const units = fc.constantFrom(
    '',
    'k',
    'm',
    'g',
    'K',
    'M',
    'G',
    's',
    'ms',
    'h',
    'd',
    'w',
    'y',
    ' ',
    'x',
    '-',
    '.',
    'u',
  );
  const part = fc.tuple(digits, units).map((both) => both.join(''));
  const text = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  const ordered = fc
    .subarray(['1y', '2M', '3w', '4d', '5h', '6m', '7s', '8ms', '9', ' '], { minLength: 1 })
    .map((parts) => parts.join(''));

  test.each([
    ['numbers', 'keepalive_requests', parseNumber],
    ['sizes', 'client_header_buffer_size', parseSize],
    ['offsets', 'client_max_body_size', parseOffset],
    ['seconds', 'open_file_cache_valid', (value: string) => parseTime(value, 's')],
    ['milliseconds', 'client_body_timeout', (value: string) => parseTime(value, 'ms')],
  ])('for %s', async (_, directive, read) => {
    const { differing } = await reader;
    const values = [...new Set(fc.sample(fc.oneof(digits, part, text, ordered), 130))];
    const accepted = values.filter((value) => read(value) !== undefined);
    expect(accepted.length).toBeGreaterThan(8);
    expect(accepted.length).toBeLessThan(values.length - 10);
    expect(
      differing(
        values,
        (value) => read(value) !== undefined,
        (value) => `${directive} ${quote(value)};`,
      ),
    ).toEqual([]);
  });
});
