import { expect, test } from 'vitest';
import type { Io } from '../../../src/lib/io.ts';
import { withProgress } from '../../../src/lib/ui/progress.ts';
import { createTerminal } from '../../../src/lib/ui/terminal.ts';

/** What work prints where there is no terminal. */
async function printed(work: (notify: Io['notify']) => void): Promise<string[]> {
  let text = '';
  const output = () => ({ write: (more: string | Uint8Array) => void (text += more.toString()) });
  const terminal = await createTerminal({
    stdin: () => ({}),
    stdout: output,
    stderr: output,
    env: {},
    json: false,
    color: true,
  });
  await withProgress(terminal, { yes: true }, async ({ notify }) => work(notify)).catch(() => undefined);
  return text.split('\n').slice(0, -1);
}

const step = (notify: Io['notify'], text: string): void => {
  notify({ kind: 'start', text });
  notify({ kind: 'done', text });
};

test('a step is a line, and the last one tells that all has ended', async () => {
  const lines = await printed((notify) => {
    step(notify, 'a');
    notify({ kind: 'start', text: 'b' });
    notify({ kind: 'info', text: 'by the way' });
    notify({ kind: 'done', text: 'b' });
    step(notify, 'c');
  });
  expect(lines).toEqual(['… a', '… b', '· by the way', '… c', '✓ c']);
});

test('an outcome in other words, and a failure, have a line of their own', async () => {
  const lines = await printed((notify) => {
    step(notify, 'a');
    notify({ kind: 'done', text: 'a and b are there' });
    notify({ kind: 'start', text: 'c' });
    notify({ kind: 'failed', text: 'c' });
  });
  expect(lines).toEqual(['… a', '✓ a and b are there', '… c', '✗ c']);
});

test('what is thrown is told by others', async () => {
  const lines = await printed((notify) => {
    step(notify, 'a');
    throw new Error('no');
  });
  expect(lines).toEqual(['… a']);
});
