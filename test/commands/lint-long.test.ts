import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { rules } from '../../src/lib/lint/rules/registry.ts';
import { lbctl, PROGRAM } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';

const FAULTS = 'server {\n    server_tokens on;\n    ssl_protocols TLSv1;\n}\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('--timing', () => {
  const PIECES = ['reading', 'parsing', 'checks', 'model', 'findings'];

  test('shows what took how long on stderr, the longest first, and changes nothing else', async () => {
    await writeFiles(folder, { 'a.conf': FAULTS });
    const plain = await lbctl(['lint', 'a.conf'], { cwd: folder });
    const { code, stdout, stderr } = await lbctl(['lint', '--timing', 'a.conf'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: plain.stdout });
    expect(stderr.startsWith(plain.stderr)).toBe(true);
    const rows = stderr.slice(plain.stderr.length).trimEnd().split('\n');
    const read = rows.map((row) => /^ +(\d+\.\d) ms +(\d+\.\d) % {2}(\S+)$/u.exec(row)!.slice(1));
    const [last] = read.splice(-1);
    expect(last).toEqual([expect.any(String), '100.0', 'total']);
    expect(read.map(([, , what]) => what).toSorted()).toEqual(
      [...PIECES, ...rules.map(({ id }) => id)].toSorted(),
    );
    const times = read.map(([time]) => Number(time));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test('is in the document of --json', async () => {
    await writeFiles(folder, { 'a.conf': FAULTS, 'b.conf': FAULTS });
    const { stdout, stderr } = await lbctl(['lint', '--timing', '--json', '.'], { cwd: folder });
    expect(stderr).toBe('');
    const { timing } = JSON.parse(stdout) as { timing: Record<string, number> };
    expect(Object.keys(timing).toSorted()).toEqual([...PIECES, ...rules.map(({ id }) => id)].toSorted());
    expect(Object.values(timing).every((time) => time >= 0)).toBe(true);
  });
});

describe('what takes long', () => {
  /** More than a second's work for every machine, in some pieces. */
  const write = (files: number) => {
    const text = Array.from(
      { length: 8000 },
      (_, index) => `server { listen ${index + 1}; location / { return 200; } }`,
    );
    return writeFiles(
      folder,
      Object.fromEntries(Array.from({ length: files }, (_, index) => [`part${index}.conf`, text.join('\n')])),
    );
  };
  const onTerminal = (command: string) =>
    spawnSync('script', ['-qec', `stty cols 80; ${process.execPath} ${PROGRAM} ${command}`, '/dev/null'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      // the spinner stands still where CI says that nobody looks
      env: { ...process.env, TERM: 'xterm', CI: undefined },
    }).stdout;

  test('is shown on a terminal, and taken off again', async () => {
    await write(6);
    const shown = onTerminal('lint --severity error .');
    expect(shown).toMatch(/(?:reading|checking) part\d\.conf/u);
    // the line is cleared in front of what is told
    expect(shown).toMatch(/\u001B\[0K\S*nothing found in 6 files\r\n/u);
    expect(onTerminal('lint --fix --severity error .')).toMatch(/(?:reading|checking) part\d\.conf/u);
    // and nowhere else
    expect(onTerminal('lint --severity error --json .')).not.toContain('checking');
  }, 120_000);

  test('is not shown where it is done at once', async () => {
    await writeFiles(folder, { 'a.conf': FAULTS });
    expect(onTerminal('lint a.conf')).not.toMatch(/reading|checking/u);
  });
});

test('thousands of findings on one line take no longer than on lines of their own', async () => {
  const text = (end: string) =>
    `events {} http { server { ${`bogus ${'x'.repeat(60)};${end}`.repeat(20_000)}} }\n`;
  await writeFiles(folder, { 'one.conf': text(' '), 'many.conf': text('\n') });
  const took = async (file: string): Promise<number> => {
    const start = performance.now();
    expect((await lbctl(['lint', file], { cwd: folder })).code).toBe(1);
    return performance.now() - start;
  };
  expect(await took('one.conf')).toBeLessThan(5 * (await took('many.conf')) + 2000);
}, 60_000);
