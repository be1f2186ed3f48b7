import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandLine } from '../src/command-line.ts';
import type { CommandSpec } from '../src/commands/command.ts';
import { commands, globalOptions } from '../src/commands/registry.ts';
import { plainStyle } from '../src/lib/ui/style.ts';
import { type PlainArguments, plainArguments } from '../src/plain-arguments.ts';

const plain = commands.filter((command): command is CommandSpec => 'load' in command);

/** What commander makes of a command line; undefined where it has something to say instead. */
async function read(words: readonly string[]): Promise<PlainArguments | undefined> {
  let read: PlainArguments | undefined;
  await commandLine({
    words,
    terminal: {
      json: false,
      style: plainStyle,
      width: 80,
      print: () => undefined,
      printJson: () => undefined,
      note: () => undefined,
    },
    run: async (_command, given) => void (read = given),
  });
  return read;
}

test('command lines are read as commander reads them, or left to it', async () => {
  const line = fc.constantFrom(...plain).chain((command) => {
    const flags = [...command.options, ...globalOptions].flatMap(({ flags: text }) => [
      ...text.matchAll(/--?[a-z-]+/gu),
    ]);
    const word = fc.oneof(
      fc.constantFrom(...flags.map(([flag]) => flag)),
      fc.constantFrom('a.conf', 'b', '-', '--', '-x', '--nothing', '--json=1', '--help', '', '3', '-3'),
    );
    return fc.tuple(fc.constant(command), fc.array(word, { maxLength: 6 }));
  });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(line, async ([command, words]) => {
      const quick = plainArguments(command, globalOptions, words);
      if (!quick) return;
      taken++;
      expect(quick).toEqual(await read([command.name, ...words]));
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test('what hooks and pipelines say needs no commander', () => {
  const lint = plain.find(({ name }) => name === 'lint')!;
  const words = ['--target', '1.30', 'a.conf', '--json', '--no-config', 'b.conf'];
  expect(plainArguments(lint, globalOptions, words)).toEqual({
    args: ['a.conf', 'b.conf'],
    options: { target: '1.30', json: true, config: false, color: true },
    lists: {},
  });
});
