import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';

const root = new URL('..', import.meta.url).pathname;

/** Unpacked size that an installation may have, in bytes. */
const LARGEST = 40 * 1024 * 1024;

test('the package installs into an empty folder and runs there', async () => {
  const folder = await temporaryFolder();
  const npm = (...args: string[]) =>
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  // the build that all tests run is packed as it is
  npm('pack', root, '--ignore-scripts', '--silent');
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  npm('install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);

  const lbctl = (...args: string[]) =>
    execFileSync(join(folder, 'node_modules/.bin/lbctl'), args, { cwd: folder, encoding: 'utf8' });
  const { version, man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    man: string[];
  };
  expect(lbctl('--version')).toBe(`${version}\n`);
  writeFileSync(join(folder, 'lb.yaml'), readFileSync(join(root, 'fixtures/generate/smallest.yaml')));
  expect(lbctl('generate')).toBe(`${readFileSync(join(root, 'fixtures/generate/smallest.conf'), 'utf8')}`);

  const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(installed).toEqual(['lbctl']);
  expect(existsSync(join(folder, 'node_modules/lbctl/docs/rules/syntax/value.md'))).toBe(true);
  for (const page of man) expect(existsSync(join(folder, 'node_modules/lbctl', page))).toBe(true);
  const size = sizeOf(join(folder, 'node_modules'));
  expect(size).toBeLessThan(LARGEST);
  // as the README says, to the next megabyte or so
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/gu, ' ');
  const [, whole, clients] = /(\d+) MB unpacked .* clients of AWS are (\d+) MB/u.exec(readme)!;
  expect(Math.abs(size / 1e6 - Number(whole))).toBeLessThan(1.5);
  expect(Math.abs(clientsOfAws() / 1e6 - Number(clients))).toBeLessThan(1);
  expect(readFileSync(join(folder, 'node_modules/lbctl/dist/THIRD-PARTY-LICENSES.txt'), 'utf8')).toContain(
    'commander',
  );
});

/** Bytes of all files below a folder. */
function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** Bytes of the bundle that the clients of AWS are, before names are shortened. */
function clientsOfAws(): number {
  const { outputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as {
    outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
  };
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path]) => /node_modules\/@(?:aws-sdk|smithy|aws)\//u.test(path))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}
