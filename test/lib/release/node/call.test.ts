import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call } from '../../../../src/lib/release/node/call.ts';
import type { Node } from '../../../../src/lib/release/node/place.ts';
import { localTransport } from '../../../../src/lib/release/transports/local.ts';
import { temporaryFolder } from '../../../support/folder.ts';

/** A node where lbctl has never been. */
async function newNode(transport: Node['transport'] = localTransport()): Promise<Node> {
  const root = join(await temporaryFolder(), 'lbctl');
  const unknown = { link: '', leaf: '', nginx: '', options: '', pid: '', log: '', start: '', group: '' };
  return { transport, root, ...unknown };
}

const scripts = async ({ root }: Node): Promise<string[]> =>
  (await readdir(root)).filter((name) => name.includes('node-'));

test('the script comes to a node whole or not at all', async () => {
  let isCut = true;
  const node = await newNode({
    ...localTransport(),
    run: (words, { input, ...options } = {}) =>
      localTransport().run(words, { ...options, input: isCut ? input?.subarray(0, 1000) : input }),
  });
  expect(await call(node, 'recover')).toMatchObject({ code: 11 });
  expect(await scripts(node)).toEqual([]);
  expect(await call(node, 'observe')).toMatchObject({ code: 1, stdout: '' });
  isCut = false;
  expect(await call(node, 'observe')).toMatchObject({ code: 0, stderr: '' });
  // who only looks leaves nothing
  expect(await scripts(node)).toEqual([]);
  expect(await call(node, 'recover')).toMatchObject({ code: 0, stderr: '' });
  expect(await scripts(node)).toHaveLength(1);
});

test('of many that bring it at once all find it', async () => {
  const node = await newNode();
  const all = await Promise.all(Array.from({ length: 10 }, () => call(node, 'recover', { wait: '30' })));
  expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(all.map(() => [0, '']));
  expect(await scripts(node)).toHaveLength(1);
});
