import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands, globalOptions } from '../src/commands/registry.ts';
import { lbctl } from './support/cli.ts';
import { temporaryFolder, writeFiles } from './support/folder.ts';
import { blocksOf } from './support/markdown.ts';
import { freePort } from './support/ports.ts';
import { endNginx } from './support/processes.ts';
import { without } from './support/tools.ts';

const root = new URL('..', import.meta.url).pathname;
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (page: string) => readFileSync(join(root, page), 'utf8');

const blocks = (page: string) => blocksOf(read(page));

describe.skipIf(without('nginx'))('the examples of', () => {
  test.each(pages.filter((page) => blocks(page).some(({ language }) => language === 'console')))(
    '%s work',
    async (page) => {
      const folder = await temporaryFolder();
      const port = await freePort();
      for (const { language, info, text } of blocks(page)) {
        const file = language === 'yaml' ? (info.get('file') ?? 'lb.yaml') : info.get('file');
        if (file !== undefined)
          await writeFiles(folder, { [file]: text.replace('port: 8080', `port: ${port}`) });
        const shown = info.get('output');
        if (shown !== undefined) {
          const { stdout, stderr } = await lbctl(['lint', shown], { cwd: folder });
          expect(`${stdout}${stderr}`).toBe(text);
        }
        if (language !== 'console') continue;
        for (const [, command] of text.matchAll(/^\$ lbctl (.*)$/gmu)) {
          const run = await lbctl([...command!.split(' '), ...unwatched(command!)], { cwd: folder });
          expect({ command, ...run }).toMatchObject({ code: 0 });
        }
      }
      await endNginx(join(folder, '.lbctl'));
    },
  );
});

/** Options by which a command does not wait to see what comes of a release. */
function unwatched(command: string): string[] {
  return /^(?:up|deploy|rollback|pool (?:add|remove|drain|undrain))\b/u.test(command) ? ['--watch', '0'] : [];
}

test.each(pages)('the links of %s lead somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/gu)].map(([, target]) => target!);
  const broken = links.filter(
    (target) => !/^https?:/u.test(target) && !existsSync(resolve(root, dirname(page), target)),
  );
  expect(broken).toEqual([]);
});

test.each(commands.map(({ name }) => name))(
  'the page of %s names its options and is linked from the README',
  (name) => {
    const command = commands.find((command) => command.name === name)!;
    const options = [command, ...('commands' in command ? command.commands : [])].flatMap(
      ({ options }) => options,
    );
    const page = read(`docs/commands/${name}.md`);
    for (const { flags } of options) expect(page).toContain(`\`${flags}\``);
    expect(read('README.md')).toContain(`docs/commands/${name}.md`);
  },
);

test.each(commands.map((command) => ({ name: command.name, command })))(
  'the page of $name tells of no option that it has not got',
  ({ name, command }) => {
    const specs = [command, ...('commands' in command ? command.commands : [])];
    const options = [...globalOptions, ...specs.flatMap((spec) => spec.options)];
    const known = new Set(options.map(({ flags }) => flags));
    const told = [...read(`docs/commands/${name}.md`).matchAll(/^\| `(-[^`]*)`/gmu)].map(
      ([, flags]) => flags!,
    );
    expect(told.filter((flags) => !known.has(flags))).toEqual([]);
  },
);

test('the reference of lb.yaml, the examples of commands and the list of manual pages are those of the program', () => {
  const written = [
    'package.json',
    'docs/lb-yaml.md',
    ...commands.map(({ name }) => `docs/commands/${name}.md`),
  ];
  const before = written.map(read);
  execFileSync(process.execPath, ['scripts/generate-docs.js'], { cwd: root });
  expect(written.map(read)).toEqual(before);
});
