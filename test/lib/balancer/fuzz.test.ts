import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { InvalidInput } from '../../../src/lib/errors.ts';
import { systemLayout } from '../../../src/lib/render/layout.ts';
import { render } from '../../../src/lib/render/render.ts';
import { renderError } from '../../../src/lib/ui/errors.ts';
import { plainStyle } from '../../../src/lib/ui/style.ts';

const folder = new URL('../../../fixtures/generate/', import.meta.url).pathname;
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(folder + name, 'utf8'));

/** A balancer is read and rendered, or every problem stands inside the file and can be shown. */
function readOrExplain(text: string): void {
  try {
    const { balancer } = readBalancer(text, 'lb.yaml');
    expect(render(balancer, systemLayout('www-data')).files.length).toBeGreaterThan(0);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    const lines = text.split('\n').length;
    for (const { span } of (error as InvalidInput).problems) {
      if (span) expect(span.line).toBeLessThanOrEqual(lines);
    }
    expect(renderError(error, plainStyle, false)).toContain('error: lb.yaml has');
  }
}

describe('reading lb.yaml', () => {
  test('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), readOrExplain), { numRuns: 500 });
  });

  test('takes real files with a stretch cut out, repeated, or replaced', () => {
    const junk = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      ':',
      ' ',
      '\n',
      '\t',
      '"',
      '&a',
      '*a',
      '<<: *a',
      '- ',
      '!!binary x',
      '~',
      'null',
      '0x1f',
      '1e999',
      '\u0000',
      '__proto__: {}',
    );
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.nat({ max: 30 }), junk, (text, at, length, put) => {
        const from = at % text.length;
        readOrExplain(text.slice(0, from) + put + text.slice(from + length));
      }),
      { numRuns: 3000 },
    );
  });

  test('a file that repeats a part beyond reason is refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `a${level}: &a${level} [${level === 0 ? 'x' : `*a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}`}]`,
    );
    expect(() => readBalancer(levels.join('\n'), 'lb.yaml')).toThrow(InvalidInput);
  });
});
