import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { format } from '../../../../src/lib/nginx/format/format.ts';
import { decode, encode } from '../../../../src/lib/source/nginx-text.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { meaningOf } from '../../../support/meaning.ts';
import { findNginx, without } from '../../../support/tools.ts';

const fixtures = new URL('../../../../fixtures/fmt-nginx', import.meta.url).pathname;
const names = readdirSync(fixtures).filter((name) => name.endsWith('.conf'));

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

describe.skipIf(without('nginx'))('NGINX says the same before and after about', async () => {
  const before = await temporaryFolder();
  const after = await temporaryFolder();
  await cp(fixtures, before, { recursive: true });
  for (const path of readdirSync(fixtures, { recursive: true, encoding: 'utf8' })) {
    if (!/\.\w+$/u.test(path) || path.endsWith('.d')) continue;
    const { text, encoding } = decode(readFileSync(join(fixtures, path)));
    await cp(join(fixtures, path), join(after, path));
    await writeFile(join(after, path), encode({ text: format(text).text, encoding }));
  }

  test.each(names)('%s', async (name) => {
    const said = await verdict(before, name);
    expect(await verdict(after, name)).toBe(said);
    // a file that is refused may be so for a module that is not installed, and for nothing else
    expect(said.startsWith('0') || said.includes('dlopen()')).toBe(true);
  });
});

test.each(names)('%s says the same and stays as it is the second time', (name) => {
  const { text } = decode(readFileSync(join(fixtures, name)));
  const formatted = format(text);
  expect(formatted.problems).toEqual([]);
  expect(meaningOf(formatted.text)).toEqual(meaningOf(text));
  expect(format(formatted.text).text).toBe(formatted.text);
});
