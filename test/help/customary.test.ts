import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  writeFileSync(join(folder, 'lb.yaml'), 'name: shop\n');
});

const lines: readonly [name: string, args: string[], says: string][] = [
  ['lb.yaml as an operand', ['plan', '--check', 'lb.yaml'], 'hint: lbctl plan --check --file lb.yaml\n'],
  ['a zone as an operand', ['dns', 'list', 'example.com'], 'hint: lbctl dns list --zone example.com\n'],
  [
    'an upstream where only a server is named',
    ['pool', 'drain', 'web', '127.0.0.1:9001', '--yes'],
    'hint: lbctl pool drain 127.0.0.1:9001 --yes --upstream web\n',
  ],
  [
    'a server without its upstream',
    ['pool', 'remove', '127.0.0.1:9001'],
    'hint: the upstream comes first: lbctl pool remove UPSTREAM 127.0.0.1:9001\n',
  ],
  ['an upstream without a server', ['pool', 'add', 'web'], 'hint: lbctl pool add --help shows what there is'],
  ['what others call lint', ['validate', 'lb.yaml'], 'hint: did you mean lint?'],
  ['what others call up', ['apply'], 'hint: did you mean up?'],
  ['what others call deploy', ['reload'], 'hint: did you mean deploy?'],
  ['where the logs are', ['logs'], 'hint: lbctl status shows the latest errors; on this machine'],
  ['a rehearsal', ['up', '--dry-run'], 'hint: lbctl plan shows what lbctl up would do'],
  [
    'a rehearsal of a group',
    ['dns', 'apply', '--dry-run'],
    'hint: lbctl dns plan shows what lbctl dns apply would do',
  ],
  ['no rehearsal', ['lint', '--dry-run'], 'hint: lbctl lint --help shows what there is'],
  [
    'a file with the other ending of YAML',
    ['plan', '-f', 'lb.yml'],
    'hint: lb.yaml is here: name it with --file lb.yaml, or rename it',
  ],
];

test.each(lines)('%s is answered with what to type', async (_, args, says) => {
  expect(await lbctl(args, { cwd: folder })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(says),
  });
});
