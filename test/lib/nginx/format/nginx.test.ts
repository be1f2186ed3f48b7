import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { format } from '../../../../src/lib/nginx/format/format.ts';
import { decode, encode } from '../../../../src/lib/source/nginx-text.ts';
import { allFixtures, corpus, textOf } from '../../../support/corpus.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { meaningOf } from '../../../support/meaning.ts';
import { findNginx, without } from '../../../support/tools.ts';

const accepted = new URL('../../../../fixtures/nginx/accepted', import.meta.url).pathname;

/** What NGINX says about a file, without what differs from run to run and the lines that formatting moves. */
async function verdict(folder: string, name: string): Promise<string> {
  const prefix = await temporaryFolder();
  const { status, stderr } = spawnSync(findNginx()!, ['-t', '-p', `${prefix}/`, '-c', join(folder, name)], {
    encoding: 'latin1',
  });
  const said = stderr
    .replaceAll(folder, '')
    .replaceAll(prefix, '')
    .replaceAll(/^[0-9/]+ [0-9:]+ \[(\w+)\] [0-9#]+: /gmu, 'nginx: [$1] ')
    .replaceAll(/:\d+$/gmu, '');
  return `${status}\n${said}`;
}

test.skipIf(without('nginx'))(
  'NGINX says the same about a file before and after',
  { timeout: 240_000 },
  async () => {
    const [before, after] = [await temporaryFolder(), await temporaryFolder()];
    for (const folder of [before, after]) await cp(accepted, folder, { recursive: true });
    let changed = 0;
    for (const path of readdirSync(after, { recursive: true, encoding: 'utf8' })) {
      const file = join(after, path);
      if (path.endsWith('.pem') || !statSync(file).isFile()) continue;
      const { text, encoding } = decode(readFileSync(file));
      const formatted = format(text);
      if (formatted.text !== text) changed++;
      writeFileSync(file, encode({ text: formatted.text, encoding }));
    }
    expect(changed).toBeGreaterThan(100);
    let good = 0;
    for (const { name } of corpus('accepted')) {
      const file = name.replace('accepted/', '');
      const said = await verdict(before, file);
      expect({ file, said: await verdict(after, file) }).toEqual({ file, said });
      if (said.startsWith('0')) good++;
    }
    // the others need modules that are not installed everywhere
    expect(good).toBeGreaterThan(100);
  },
);

test('every configuration says the same and stays as it is the second time', () => {
  let read = 0;
  for (const path of allFixtures()) {
    const text = textOf(path);
    const formatted = format(text);
    expect({ path, meaning: meaningOf(formatted.text) }).toEqual({ path, meaning: meaningOf(text) });
    expect({ path, text: format(formatted.text).text }).toEqual({ path, text: formatted.text });
    if (formatted.problems.length === 0) read++;
    else expect(formatted.text).toBe(text);
  }
  expect(read).toBeGreaterThan(200);
});
