import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import bash from '../../src/commands/completion/bash.sh';
import fish from '../../src/commands/completion/fish.sh';
import zsh from '../../src/commands/completion/zsh.sh';
import { lbctl, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { without } from '../support/tools.ts';

let folder: string;
let env: Record<string, string | undefined>;
beforeAll(async () => {
  folder = await temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  symlinkSync(PROGRAM, join(folder, 'bin/lbctl'));
  mkdirSync(join(folder, 'my folder'));
  writeFileSync(join(folder, 'lb.yaml'), 'upstreams: { web: [10.0.0.1:9001, 10.0.0.1:9002] }\n');
  writeFileSync(join(folder, 'nginx.conf'), '');
  for (const [name, script] of Object.entries({ bash, zsh, fish })) writeFileSync(join(folder, name), script);
  env = { ...process.env, HOME: folder, PATH: `${folder}/bin:${process.env['PATH']}`, TERM: 'xterm' };
});

const ran = (program: string, args: readonly string[]) =>
  execFileSync(program, args, { cwd: folder, env, encoding: 'utf8' });

/** Lines with what can follow; in bash, which parts words at other places; and the line in zsh after one Tab. */
const LINES: readonly {
  readonly line: string;
  readonly becomes: readonly string[];
  readonly inBash?: readonly string[];
  readonly inZsh: string;
}[] = [
  { line: 'lbctl pool dr', becomes: ['drain'], inZsh: 'lbctl pool drain ' },
  { line: 'lbctl pool list ', becomes: ['web'], inZsh: 'lbctl pool list web ' },
  {
    line: 'lbctl pool drain 10',
    becomes: ['10.0.0.1:9001', '10.0.0.1:9002'],
    inZsh: 'lbctl pool drain 10.0.0.1:900',
  },
  {
    line: 'lbctl pool drain 10.0.0.1:9001 --timeout 5s --ye',
    becomes: ['--yes'],
    inZsh: 'lbctl pool drain 10.0.0.1:9001 --timeout 5s --yes ',
  },
  {
    line: 'lbctl pool drain 10.0.0.1:9',
    becomes: ['10.0.0.1:9001', '10.0.0.1:9002'],
    inBash: ['9001', '9002'],
    inZsh: 'lbctl pool drain 10.0.0.1:900',
  },
  {
    line: 'lbctl lint --format=ju',
    becomes: ['--format=junit'],
    inBash: ['junit'],
    inZsh: 'lbctl lint --format=junit ',
  },
  { line: 'lbctl lint --behind nlb-', becomes: ['nlb-proxy'], inZsh: 'lbctl lint --behind nlb-proxy ' },
  { line: 'lbctl lint ng', becomes: ['nginx.conf'], inZsh: 'lbctl lint nginx.conf ' },
  {
    line: 'lbctl generate --out my',
    becomes: ['my folder/'],
    inBash: ['my folder'],
    inZsh: String.raw`lbctl generate --out my\ folder/`,
  },
  {
    line: 'lbctl plan --file=lb',
    becomes: ['--file=lb.yaml'],
    inBash: ['lb.yaml'],
    inZsh: 'lbctl plan --file=lb.yaml ',
  },
];

describe.skipIf(without('bash'))('bash', () => {
  test('completes as it is asked by the Tab key', () => {
    // what readline does: part the line as COMP_WORDBREAKS says, and call what `complete` has named
    const script = `
      source ./bash
      compopt() { KIND=$2; }
      ask() {
        COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=() COMPREPLY=() KIND=
        local rest=$1
        while [[ $rest =~ ^[[:space:]]*([=:]+|[^[:space:]=:]+)(.*)$ ]]; do
          COMP_WORDS+=("\${BASH_REMATCH[1]}") rest=\${BASH_REMATCH[2]}
          [[ $rest =~ ^[[:space:]]+$ ]] && { COMP_WORDS+=(''); rest=; }
        done
        COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
        $(complete -p lbctl | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        local last=\${COMP_WORDS[COMP_CWORD]}
        case $KIND in
          default) mapfile -t COMPREPLY < <(compgen -f -- "$last") ;;
          dirnames) mapfile -t COMPREPLY < <(compgen -d -- "$last") ;;
        esac
        (IFS='|'; echo "\${COMPREPLY[*]}")
      }
      ${LINES.map(({ line }) => `ask '${line}'`).join('\n')}
    `;
    expect(ran('bash', ['--norc', '-c', script]).trimEnd().split('\n')).toEqual(
      LINES.map(({ becomes, inBash = becomes }) => inBash.join('|')),
    );
  });
});

describe.skipIf(without('zsh'))('zsh', () => {
  test('completes as it is typed', () => {
    // a shell in a terminal of its own gets each line, a Tab, and a key that writes down what the line is then
    const lines = LINES.map(({ line }) => `'${line}'`).join(' ');
    const script = `
      zmodload zsh/zpty
      zpty shell zsh -f -i
      wait_for() {
        local chunk
        for (( i = 0; i < 600; i++ )); do
          [[ -e found && $(wc -l < found) -ge $1 ]] && return
          zpty -r -t shell chunk || sleep 0.05
        done
      }
      zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ./zsh; setopt no_beep'
      zpty -w shell 'finish() { echo "$BUFFER|" >> found; BUFFER= }; zle -N finish; bindkey "^X" finish; echo ready >> found'
      wait_for 1
      typeset -i count=1
      for line in ${lines}; do
        zpty -w -n shell "$line"$'\\t'$'\\x18'
        wait_for $(( ++count ))
      done
      cat found
      zpty -d shell
    `;
    const found = ran('zsh', ['-f', '-c', script]).split('\n').slice(1, -1);
    expect(found).toEqual(LINES.map(({ inZsh }) => `${inZsh}|`));
  });
});

describe.skipIf(without('fish'))('fish', () => {
  test('completes as complete -C shows', () => {
    const script = ['source ./fish', ...LINES.map(({ line }) => `complete -C '${line}'; echo END`)].join(
      '\n',
    );
    const found = ran('fish', ['--no-config', '-c', script]).split('END\n').slice(0, -1);
    expect(
      found.map((part) =>
        part
          .trimEnd()
          .split('\n')
          .map((one) => one.split('\t')[0]),
      ),
    ).toEqual(LINES.map(({ becomes }) => becomes));
  });
});

test('the script of a shell is printed, and other shells are told', async () => {
  expect(await lbctl(['completion', 'bash'], { cwd: folder })).toMatchObject({ code: 0, stdout: bash });
  expect(await lbctl(['completion', 'bsh'], { cwd: folder })).toMatchObject({
    code: 2,
    stderr: 'error: there is no completion for bsh\nhint: did you mean bash?\n',
  });
});
