import { execFile, execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../src/command-line.ts';
import { commands } from '../../src/commands/registry.ts';
import { plainStyle } from '../../src/lib/ui/style.ts';
import { PROGRAM } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { without } from '../support/tools.ts';

const all = commands.flatMap((spec) => [spec, ...('commands' in spec ? spec.commands : [])]);
const examples = [...new Set(all.flatMap((spec) => spec.examples.map(([line]) => line)))];

/** What of an example is the command line of lbctl, in words as a shell would part it. */
function wordsOf(example: string): string[] {
  const [, own = ''] = /(?:^|\| |<\()lbctl (.*?)(?: [|<>] .*|\))?$/u.exec(example) ?? [];
  return [...own.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, quoted, word]) => quoted ?? word!);
}

test.each(examples)('%s is a command line that is understood', async (example) => {
  let ran = '';
  await commandLine({
    words: wordsOf(example),
    terminal: {
      json: false,
      style: plainStyle,
      width: 80,
      print: () => undefined,
      printJson: () => undefined,
      note: () => undefined,
    },
    run: async ({ name }) => void (ran = name),
  });
  expect(wordsOf(example)).toContain(ran);
});

/** Commands that need nothing but files. */
const OFFLINE = new Set(['config', 'fmt', 'generate', 'lint', 'rules', 'schema']);

describe.skipIf(without('nginx'))('run as it stands', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFiles(folder, {
      'lb.yaml':
        'name: shop\nlisteners: { http: { port: 8080 } }\nupstreams: { web: [127.0.0.1:9001] }\nroutes: [{ paths: { /: web } }]\n',
      'ec2.yaml':
        'name: shop\nprovider: ec2\nregions: [eu-west-1]\nlisteners: { http: { port: 80 } }\nupstreams: { web: [10.1.4.11:80] }\nroutes: [{ paths: { /: web } }]\n',
      'nginx.conf': 'events { }\n\nhttp {\n    include conf.d/*.conf;\n}\n',
      'conf.d/shop.conf': 'server {\n    listen 8080;\n    server_tokens off;\n}\n',
      'snippets/tls.conf': 'ssl_protocols TLSv1.2 TLSv1.3;\n',
    });
    symlinkSync(PROGRAM, join(folder, 'lbctl'));
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'start');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  });

  test.each(examples.filter((example) => OFFLINE.has(wordsOf(example)[0]!)))('%s', async (example) => {
    // what other programs make of the output is theirs
    const line = example.replace(/ \| jq .*$/u, '');
    const [code, stderr] = await new Promise<[unknown, string]>((resolve) => {
      execFile(
        'bash',
        ['-c', line],
        {
          cwd: folder,
          env: {
            ...process.env,
            ...(line.includes('cloudformation') ? { LBCTL_FILE: 'ec2.yaml' } : {}),
            PATH: `${folder}:${process.env['PATH']}`,
          },
        },
        (error, _, stderr) => resolve([error?.code ?? 0, stderr]),
      );
    });
    expect(stderr).not.toMatch(/^(?:error|hint):/mu);
    expect(code).toBe(0);
  });
});
