import { createHash } from 'node:crypto';
import type { Ran, RunOptions } from '../transports/transport.ts';
import script from './node.sh';
import type { Node } from './place.ts';

type Verb =
  | 'facts'
  | 'observe'
  | 'receive'
  | 'check'
  | 'activate'
  | 'restore'
  | 'recover'
  | 'send'
  | 'connections'
  | 'reach'
  | 'upstreams';

/** A script that works on nodes, by verbs. */
export interface NodeScript<Verb extends string> {
  /** What its name there begins with. */
  readonly stem: string;
  readonly text: string;
  /** Verbs that change nothing, so the script does not stay for them. */
  readonly looking: ReadonlySet<Verb>;
}

const NODE_SCRIPT: NodeScript<Verb> = {
  stem: 'node',
  text: script,
  looking: new Set(['facts', 'observe', 'send', 'connections', 'reach', 'upstreams']),
};

/** The script's own name on a node: another version has another one. */
function nameOf({ stem, text }: NodeScript<string>): string {
  return `${stem}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.sh`;
}

/**
 * Runs the script as it comes. What it starts must not read the rest of it as input. A node that releases cannot come to
 * is better known when it is asked, before others are changed.
 */
const PASSING = `
spot=$2
while [ -n "$spot" ] && [ ! -e "$spot" ]; do spot=\${spot%/*}; done
if [ "$1" = observe ] && ! { [ -d "\${spot:-/}" ] && [ -w "\${spot:-/}" ]; }; then
  said=$(mkdir -p "$2" 2>&1) || { printf 'evidence\\t%s\\nfailed\\tdenied\\t%s cannot be made\\n' "$said" "$2"; exit 11; }
fi
script=$(cat)
case $script in
  *'# whole') exec sh -c "$script" "$0" "$@" ;;
  *) echo 'the script did not come whole' >&2; exit 1 ;;
esac`;

/** Exit code of a node on which the script is not there yet. */
const ABSENT = 66;

/** Whole or not at all: of a connection that is cut `cat` sees no more than the end. */
const INSTALL = `
new=$1.$$
for old in "$0"/"$3"-*.sh; do [ "$old" = "$1" ] || rm -f "$old"; done
mkdir -p "$0" && cat >"$new" && [ "$(wc -c <"$new")" -eq "$2" ] && mv -f "$new" "$1" && exit
rm -f "$new"
exit 1`;

/** Runs a verb of `node.sh` on a node. */
export function call(
  node: Node,
  verb: Verb,
  settings: Readonly<Record<string, string>> = {},
  running: RunOptions = {},
): Promise<Ran> {
  return callScript(NODE_SCRIPT, node, verb, settings, running);
}

/**
 * Runs a verb of a script on a node. Where the script is not there yet, the first verb that changes something brings
 * it.
 */
export async function callScript<Verb extends string>(
  script: NodeScript<Verb>,
  { transport, root, link, leaf, nginx, options, pid, log, start, group }: Node,
  verb: Verb,
  settings: Readonly<Record<string, string>>,
  running: RunOptions = {},
): Promise<Ran> {
  const { stem, text, looking } = script;
  const places = { link, leaf, nginx, options, pid, log, start, group, ...settings };
  const pairs = Object.entries(places).map(([name, value]) => `${name}=${value}`);
  const path = `${root}/${nameOf(script)}`;
  const words = ['sh', '-c', `[ -f "$0" ] || exit ${ABSENT}; exec sh "$0" "$@"`, path, verb, root, ...pairs];
  const first = await transport.run(words, running);
  if (first.code !== ABSENT) return first;
  if (looking.has(verb)) {
    return transport.run(['sh', '-c', PASSING, `${stem}.sh`, verb, root, ...pairs], {
      ...running,
      input: Buffer.from(`${text}\n# whole`),
    });
  }
  const input = Buffer.from(text);
  const installed = await transport.run(['sh', '-c', INSTALL, root, path, String(input.length), stem], {
    input,
  });
  if (installed.code === 0) return transport.run(words, running);
  // as the script itself would tell it
  if (installed.code === 1)
    return { ...installed, code: 11, stdout: `failed\tdenied\t${root} cannot be written\n` };
  return installed;
}
