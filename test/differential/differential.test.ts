import { chmodSync, cpSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { corpus } from '../support/corpus.ts';
import { temporaryFolder } from '../support/folder.ts';
import { findNginx, without } from '../support/tools.ts';
import { mutate } from './mutate.ts';
import { seeded } from './random.ts';
import { compare, type Disagreement, type Judge } from './verdicts.ts';

/** How many configurations are judged, and where the seeds start; `npm run differential` judges 20,000. */
const COUNT = Number(process.env['LBCTL_DIFFERENTIAL'] ?? 400);
const SEED = Number(process.env['LBCTL_TEST_SEED'] ?? 1);

const FIXTURES = new URL('../../fixtures/nginx/accepted/', import.meta.url).pathname;

describe.skipIf(without('nginx'))('the checks and nginx -t', () => {
  test(
    `agree on ${COUNT} changed configurations`,
    async () => {
      const folder = await temporaryFolder();
      cpSync(FIXTURES, folder, { recursive: true });
      // NGINX runs without rights
      chmodSync(folder, 0o777);
      const judge: Judge = { nginx: findNginx()!, folder, target: { version: '1.22.1', plus: false } };
      const bases = corpus('accepted').map(({ text }) => text);
      const disagreements: (Disagreement & { readonly seed: number })[] = [];
      const agreed = { 'both take it': 0, 'both refuse it': 0, 'not of the text': 0 };
      let next = 0;
      const work = async (name: string): Promise<void> => {
        while (next < COUNT) {
          const seed = SEED * 1_000_003 + next++;
          const random = seeded(seed);
          const outcome = await compare(judge, name, mutate(random.pick(bases), random));
          if (typeof outcome === 'string') agreed[outcome]++;
          else disagreements.push({ seed, ...outcome });
        }
      };
      await Promise.all([work('left'), work('right')]);
      expect(disagreements).toEqual([]);
      // the judges must have had something to say
      expect(agreed['both take it']).toBeGreaterThan(COUNT / 20);
      expect(agreed['both refuse it']).toBeGreaterThan(COUNT / 4);
    },
    60_000 + COUNT * 50,
  );
});
