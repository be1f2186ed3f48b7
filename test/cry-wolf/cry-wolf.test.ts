import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NEWEST_STABLE } from '../../src/lib/nginx/version.ts';
import { lintText } from '../../src/lib/source/linting/run.ts';
import { findNginxFiles } from '../../src/lib/source/nginx-files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lintFiles } from '../support/lint-files.ts';
import { defendedIn, placesOf } from './defended.ts';
import { PACKAGES } from './packages.ts';

/** The NGINX of Debian 12. */
const OF_DEBIAN = { version: '1.22.1', plus: false } as const;

test('every finding on the fixtures is defended, and every sentence is needed', () => {
  const cwd = new URL('../../fixtures/nginx/accepted/', import.meta.url).pathname;
  const files = findNginxFiles(['*.conf'], cwd);
  const { findings } = lintFiles(files, { target: { version: NEWEST_STABLE, plus: false }, cwd });
  expect(files.length).toBeGreaterThan(100);
  expect(placesOf(findings).toSorted()).toEqual(defendedIn('Fixtures').toSorted());
});

const packaged = packagedFiles('nginx-common');

describe.skipIf(packaged.size === 0)('on the NGINX of Debian', () => {
  const files = [...packaged].filter(([path]) => path.startsWith('/etc/nginx/'));

  test.each(files)('nothing is found in %s', (path, text) => {
    const { findings } = lintText(Buffer.from(text), { target: OF_DEBIAN, cwd: '/etc/nginx' });
    // the includes of nginx.conf are those of the machine
    const own = findings.filter(({ file }) => file === '<stdin>');
    expect(own.filter(({ rule }) => path !== '/etc/nginx/nginx.conf' || !rule.endsWith('-include'))).toEqual(
      [],
    );
  });

  const [main, types, site] = ['nginx.conf', 'mime.types', 'sites-available/default'].map((name) =>
    packaged.get(`/etc/nginx/${name}`),
  );

  test.skipIf(!main || !types)('nothing is found in the whole, with modules and the default site', () => {
    const folder = '/usr/share/nginx/modules-available';
    const modules = existsSync(folder) ? readdirSync(folder) : [];
    const dump = Object.entries({
      'nginx.conf': main!,
      'mime.types': types!,
      ...Object.fromEntries(
        modules.map((name) => [`modules-enabled/50-${name}`, readFileSync(join(folder, name), 'utf8')]),
      ),
      ...(site === undefined ? {} : { 'sites-enabled/default': site }),
    });
    const text = dump.map(([name, content]) => `# configuration file /etc/nginx/${name}:\n${content}\n`);
    const { findings } = lintText(Buffer.from(text.join('')), { target: OF_DEBIAN, cwd: '/etc/nginx' });
    expect(findings.filter(({ rule }) => rule !== 'style/empty-include')).toEqual([]);
  });
});

/** Configuration files that a package of Debian has put there and nobody has changed since; none elsewhere. */
function packagedFiles(name: string): Map<string, string> {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${Conffiles}', name], { encoding: 'utf8' });
  const found = new Map<string, string>();
  for (const [, path = '', sum] of (stdout ?? '').matchAll(/^ (\S+) ([0-9a-f]{32})$/gmu)) {
    const bytes = existsSync(path) ? readFileSync(path) : undefined;
    if (bytes && createHash('md5').update(bytes).digest('hex') === sum) found.set(path, bytes.toString());
  }
  return found;
}

/** The packages are many megabytes, which `npm run cry-wolf` alone fetches. */
const fetched = process.env['LBCTL_CRY_WOLF'] === '1' ? Object.entries(PACKAGES) : [];
const defended = defendedIn('Packages of Debian');

test.each(fetched)(
  'every finding on the package %s is defended, and every sentence is needed',
  async (name, files) => {
    const folder = await temporaryFolder();
    run('apt-get', ['download', '-q', name], folder);
    const [archive = ''] = readdirSync(folder);
    run('dpkg-deb', ['-x', archive, name], folder);
    const findings = files.flatMap((file) => {
      const shown = `${name}/${file}`;
      const list = [{ name: shown, path: join(folder, shown), named: true }];
      const result = lintFiles(list, { target: OF_DEBIAN, cwd: folder });
      expect(result.unreadable).toEqual([]);
      // what a file includes is there on some machines only
      return result.findings.filter((one) => one.file === shown);
    });
    const expected = defended.filter((one) => one.startsWith(`${name}/`));
    expect(placesOf(findings).toSorted()).toEqual(expected.toSorted());
  },
  120_000,
);

test('the sentences on packages are about files that are looked at', () => {
  const all = Object.entries(PACKAGES).flatMap(([name, files]) => files.map((file) => `${name}/${file}`));
  const known = new Set(all);
  expect(defended.filter((one) => !known.has(one.split(' ', 1)[0]!))).toEqual([]);
});

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${error?.message ?? stderr}`);
}
