import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { writing } from '../../../../src/lib/providers/local/writing.ts';

test('a disk that is full is told as such', async () => {
  await expect(writing('.lbctl', () => writeFile('/dev/full', 'more'))).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('cannot write to .lbctl: ENOSPC'),
    hint: expect.stringContaining('df -h'),
  });
});
