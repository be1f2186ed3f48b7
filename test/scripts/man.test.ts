import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commands, globalOptions } from '../../src/commands/registry.ts';
import { topics } from '../../src/help/topics.ts';
import { reference } from '../../src/lib/balancer/reference.ts';
import { findProgram, without } from '../support/tools.ts';

const folder = new URL('../../man/', import.meta.url).pathname;
const names = readdirSync(folder);

/** A page as somebody reads it, on one line. */
function shown(page: string): string {
  const { stdout } = spawnSync(findProgram('mandoc')!, ['-T', 'utf8', '-O', 'width=70', `${folder}${page}`], {
    encoding: 'utf8',
  });
  // overstruck letters are bold
  return stdout.replaceAll(/.\u0008/gu, '').replaceAll(/\s+/gu, ' ');
}

test('there is a page of lbctl, of every command and of lb.yaml', () => {
  const pages = ['lb.yaml.5', 'lbctl.1', ...commands.map(({ name }) => `lbctl-${name}.1`)];
  expect(names.toSorted()).toEqual(pages.toSorted());
});

describe.skipIf(without('mandoc'))('manual pages', () => {
  test('are what mandoc and man take without a warning', () => {
    const paths = names.map((name) => `${folder}${name}`);
    const { stdout } = spawnSync(findProgram('mandoc')!, ['-T', 'lint', '-W', 'warning', ...paths], {
      encoding: 'utf8',
    });
    // a date would differ from build to build
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
    for (const path of paths) expect(readFileSync(path, 'utf8')).toMatch(/^[\0-\x7F]*$/u);
  });

  test.each(commands)('that of $name has examples, operands and options', (command) => {
    const text = shown(`lbctl-${command.name}.1`);
    const inner = 'commands' in command ? command.commands : [command];
    expect(text).toContain(`NAME lbctl-${command.name} - ${command.summary} SYNOPSIS`);
    for (const [line, does] of [command, ...inner].flatMap(({ examples }) => examples)) {
      expect(text).toContain(line);
      expect(text).toContain(does.slice(1));
    }
    for (const { flags, summary } of [...inner.flatMap(({ options }) => options), ...globalOptions])
      expect(text).toContain(`${flags} ${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
  });

  test('those of the whole lead on to all others, and tell exit codes and variables', () => {
    const text = shown('lbctl.1');
    for (const { name, summary } of commands)
      expect(text).toContain(`lbctl-${name}(1) ${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`);
    for (const { name } of topics) expect(text).toContain(name);
    expect(text).toContain('130 Interrupted by Ctrl-C, or the answer to a question was no.');
    expect(text).toContain('LBCTL_FILE The balancer to work on, in place of lb.yaml;');
  });

  test('that of lb.yaml has every key', () => {
    const text = shown('lb.yaml.5');
    expect(text).toContain('api: { balance: least_conn, servers: [127.0.0.1:9004] }');
    for (const { path, keys } of reference())
      for (const { key, meaning } of keys)
        expect(text, `${path}.${key}`).toContain(meaning.replaceAll('…', '...'));
  });
});
