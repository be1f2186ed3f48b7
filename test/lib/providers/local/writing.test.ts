import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { writing } from '../../../../src/lib/providers/local/writing.ts';

test('a disk that is full is told as such', async () => {
  await expect(writing('.lbctl', () => writeFile('/dev/full', 'more'))).rejects.toMatchObject({
    kind: 'failed',
    message: 'cannot write to .lbctl: no space left on device',
    hint: expect.stringContaining('df -h'),
  });
});
