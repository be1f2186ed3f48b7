import { spawnSync } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readHeld } from '../../../src/lib/certificates/observe.ts';
import { createAuthority } from '../../support/certificates.ts';
import { temporaryFolder, writeFiles } from '../../support/folder.ts';
import { findProgram, without } from '../../support/tools.ts';

const SCRIPT = join(import.meta.dirname, '../../../src/lib/certificates/node/certificates.sh');

const run = (...args: string[]) => spawnSync('sh', [SCRIPT, ...args], { encoding: 'utf8' });

test('it stays small enough to be read on a node', async () => {
  expect((await readFile(SCRIPT, 'utf8')).split('\n').length).toBeLessThanOrEqual(460);
});

describe.skipIf(without('shellcheck'))('shellcheck', () => {
  test('finds nothing', () => {
    expect(spawnSync(findProgram('shellcheck')!, [SCRIPT], { encoding: 'utf8' }).stdout).toBe('');
  });
});

test.each([
  ['unknown'],
  ['observe', 'what=x'],
  ['obtain', 'name=../x'],
  ['obtain', 'name=a', 'hosts=a$(b)'],
  ['obtain', 'name=a', 'force=1'],
])('it refuses %s', async (verb, ...pairs) => {
  expect(run(verb!, await temporaryFolder(), ...pairs)).toMatchObject({ status: 64 });
});

describe.skipIf(without('openssl'))('what a node has', () => {
  let root: string;
  beforeAll(async () => {
    root = await temporaryFolder();
    const { cert, key } = await (
      await createAuthority('Some CA')
    ).issue(['b.example.com', 'a.example.com'], 7);
    await writeFiles(root, {
      'certificates/https/abc/fullchain.pem': cert,
      'certificates/https/abc/privkey.pem': key,
      'certificates/https/abc/directory': 'https://ca.test/dir\n',
      'acme/names/https': 'hosts=a.example.com b.example.com\nemail=o@example.com\nat=\n',
      'acme/failures/https': '1700000000\nfirst\n  Detail: a\ttab\n',
    });
    await symlink('abc', join(root, 'certificates/https/current'));
  });

  test('is told, with its dates', () => {
    const { status, stdout, stderr } = run('observe', root);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const held = readHeld(stdout);
    const [certificate] = held.certificates;
    expect(certificate).toMatchObject({
      name: 'https',
      issued: true,
      taken: false,
      directory: 'https://ca.test/dir',
      issuer: 'Some CA',
      keyType: 'ecdsa',
      hosts: ['a.example.com', 'b.example.com'],
    });
    const days = (time: Date): number => (time.getTime() - Date.now()) / 86_400_000;
    expect(Math.abs(days(certificate!.from))).toBeLessThan(0.1);
    expect(Math.abs(days(certificate!.until) - 7)).toBeLessThan(0.1);
    expect(Object.fromEntries(held.asked.get('https')!)).toEqual({
      hosts: 'a.example.com b.example.com',
      email: 'o@example.com',
      at: '',
    });
    expect(held.failures.get('https')).toEqual({
      time: new Date(1700000000_000),
      lines: ['first', '  Detail: a'],
    });
  });

  test('changes by being told in nothing', () => {
    const files = () => spawnSync('find', [root, '-printf', '%p %T@\n'], { encoding: 'utf8' }).stdout;
    const before = files();
    run('observe', root);
    expect(files()).toBe(before);
  });
});

test('whatever a node says can be read', () => {
  const word = fc.constantFrom('certificate', 'asked', 'failure', 'timer', 'met', 'address', 'x');
  const part = fc.oneof(fc.string(), fc.constantFrom('https', '1e99', '-1', 'a=b', ''));
  const line = fc
    .tuple(word, fc.array(part, { maxLength: 12 }))
    .map(([first, parts]) => [first, ...parts].join('\t'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const { certificates, failures } = readHeld(lines.join('\n'));
      const dates = [
        ...certificates.flatMap(({ from, until }) => [from, until]),
        ...[...failures.values()].map(({ time }) => time),
      ];
      expect(dates.every((date) => !Number.isNaN(date.getTime()))).toBe(true);
    }),
  );
});
