import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allPages } from '../../../src/lib/aws/pages.ts';

test('a list is whole and in order, however it is cut into pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer(), { maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      async (pages) => {
        const asked: (string | undefined)[] = [];
        const all = await allPages((token) => {
          asked.push(token);
          const index = Number(token ?? 0);
          const next = index + 1 < pages.length ? String(index + 1) : index % 2 === 0 ? undefined : '';
          return Promise.resolve({ items: pages[index], next });
        });
        expect(all).toEqual(pages.flat());
        expect(asked).toHaveLength(pages.length);
      },
    ),
  );
});

test('a page without items is none, and a token that comes twice ends it', async () => {
  expect(await allPages(() => Promise.resolve({ items: undefined, next: undefined }))).toEqual([]);
  await expect(allPages(() => Promise.resolve({ items: [1], next: 'same' }))).rejects.toMatchObject({
    code: 'endless-pages',
  });
});
