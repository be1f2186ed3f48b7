import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inAscii } from '../../../src/lib/ui/ascii.ts';
import { chart } from '../../../src/lib/ui/metrics/chart.ts';
import { sparkline } from '../../../src/lib/ui/metrics/spark.ts';
import { createTerminal, isUtf8 } from '../../../src/lib/ui/terminal.ts';
import { visible } from '../../../src/lib/ui/visible.ts';
import { lbctl } from '../../support/cli.ts';
import { temporaryFolder, writeFiles } from '../../support/folder.ts';

// oxlint-disable-next-line no-control-regex
const BEYOND = /[^\u0000-\u007F]/u;

/** What a terminal in a locale is sent. */
async function sent(
  env: Readonly<Record<string, string>>,
  use: 'print' | 'printDocument' | 'note' | 'redraw',
  text: string,
) {
  let all = '';
  const output = { write: (data: string | Uint8Array) => (all += String(data)) };
  const terminal = await createTerminal({
    stdin: () => ({}),
    stdout: () => output,
    stderr: () => output,
    env,
    json: false,
    color: false,
  });
  terminal[use](text);
  return all;
}

describe('locales', () => {
  it.each<[Readonly<Record<string, string>>, boolean]>([
    [{}, true],
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'de_DE.utf8' }, true],
    [{ LC_CTYPE: 'UTF-8', LANG: 'C' }, true],
    [{ LC_ALL: '', LANG: 'C.UTF-8' }, true],
    [{ LANG: 'C' }, false],
    [{ LANG: 'POSIX' }, false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LANG: 'de_DE.ISO-8859-15@euro' }, false],
    [{ LC_CTYPE: 'en_US', LANG: 'en_US.UTF-8' }, false],
  ])('%o', (env, expected) => {
    expect(isUtf8(env)).toBe(expected);
  });

  it('have people shown ASCII, and programs what there is', async () => {
    const text = '✓ done … – “ü”';
    for (const use of ['print', 'note', 'redraw'] as const)
      expect(await sent({ LC_ALL: 'C' }, use, text)).toContain('+ done ... - "ü"\n');
    expect(await sent({ LC_ALL: 'C' }, 'printDocument', text)).toBe(`${text}\n`);
    expect(await sent({ LC_ALL: 'C.UTF-8' }, 'print', text)).toBe(`${text}\n`);
  });
});

describe('in ASCII', () => {
  it('nothing that ui draws with is left out', () => {
    const signs = new Set(
      readdirSync('src/lib/ui', { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('ascii.ts'))
        .flatMap((file) =>
          [...readFileSync(`src/lib/ui/${file}`, 'utf8')].filter((character) => BEYOND.test(character)),
        ),
    );
    expect(signs.size).toBeGreaterThan(8);
    expect(inAscii([...signs].join(''))).not.toMatch(BEYOND);
    expect(inAscii(visible('\u0000\u001B\u007F\u009F'))).toBe('????');
  });

  it('charts keep their columns', () => {
    const points = Array.from({ length: 20 }, (_, index) => [new Date(index * 60_000), index] as const);
    const drawn = chart([...points, [new Date(1_200_000), null]], { width: 40, height: 4, unit: 'Count' });
    const plain = drawn.map(inAscii);
    expect(plain.map((line) => line.length)).toEqual(drawn.map((line) => line.length));
    expect(plain.join('')).not.toMatch(BEYOND);
    expect(inAscii(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 9))).toBe('_..:-=+*#');
  });

  it('an excerpt keeps the columns that its caret stands under', () => {
    expect(inAscii('   12 | …rver_name x…\nhint: see …')).toBe('   12 | ~rver_name x~\nhint: see ...');
    expect(inAscii('\u001B[2m   12 |\u001B[22m …rver')).toBe('\u001B[2m   12 |\u001B[22m ~rver');
  });
});

it('lbctl keeps to it, whatever goes wrong', async () => {
  const cwd = await temporaryFolder();
  const long = 'x'.repeat(200);
  await writeFiles(cwd, { 'lb.yaml': `name: shop\nlisteners: { http: { prot: 80, ${long}: 1 } }\n` });
  const env = { LC_ALL: 'C', AWS_PROFILE: 'none', AWS_CONFIG_FILE: '/dev/null', AWS_REGION: 'us-east-1' };
  for (const words of [
    ['lint', 'lb.yaml'],
    ['metrics', 'shop'],
    ['help'],
    ['help', 'lb-yaml'],
    ['metrics', '--help'],
  ]) {
    const { stdout, stderr } = await lbctl(words, { cwd, env });
    expect(stdout + stderr).not.toBe('');
    expect(stdout + stderr).not.toMatch(BEYOND);
  }
});
