// Writes what a new rule of lint is made of: `npm run new:rule -- FAMILY/NAME`. What stands in it as TO DO is to be filled in.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { root } from './system.js';

const REGISTRY = 'src/lib/lint/rules/registry.ts';
const README = 'docs/rules/README.md';

const read = (path) => readFileSync(join(root, path), 'utf8');

try {
  make(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}

function make([id, ...more]) {
  if (id === undefined || more.length > 0) throw new Error('name one rule: npm run new:rule -- FAMILY/NAME');
  check(id);
  const constant = constantOf(id);
  // both are worked out before anything is written
  const registry = registered(id, constant);
  const readme = listed(id);
  const files = { ...skeleton(id, constant), [REGISTRY]: registry, [README]: readme };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(path);
  }
}

/** The rule of a row, without the bracket behind it, which would come after a hyphen. */
function idOf(row) {
  return row.slice(0, row.indexOf(']'));
}

/** Families are the tables of the README; what NGINX refuses is found elsewhere. */
function check(id) {
  const match = /^([a-z]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(id);
  if (!match)
    throw new Error(`${id} is no name of a rule: FAMILY/NAME in small letters, words parted by hyphens`);
  const [, family, name] = match;
  if (family === 'syntax')
    throw new Error(
      'syntax is what NGINX refuses: see src/lib/nginx/check and src/lib/lint/rules/built-in.ts',
    );
  const families = [...read(README).matchAll(/^## ([a-z]+)$/gm)].map(([, one]) => one);
  if (!families.includes(family))
    throw new Error(
      `there is no family ${family}: ${families.join(', ')}; a new one is a table in ${README}`,
    );
  // comments and --only may leave out the family
  const others = [...read(README).matchAll(/^\| \[([a-z]+)\/([a-z0-9-]+)\]/gm)];
  const same = others.find(([, , other]) => other === name);
  if (same) throw new Error(`there is a rule ${same[1]}/${same[2]}`);
  for (const path of Object.keys(skeleton(id, '')))
    if (existsSync(join(root, path))) throw new Error(`there is ${path}`);
}

/** `lost-headers` becomes lostHeaders; with its family in front where that is no name of its own. */
function constantOf(id) {
  const camel = (words) => words.replaceAll(/[-/](.)/g, (_, letter) => letter.toUpperCase());
  const own = camel(id.split('/')[1]);
  const taken = new RegExp(String.raw`\b${own}\b`).test(read(REGISTRY));
  return taken || isReserved(own) ? camel(id) : own;
}

function isReserved(word) {
  try {
    return !new Script(`'use strict'; let ${word};`);
  } catch {
    return true;
  }
}

/** The registry with an import and an entry more, both in the order of the names. */
function registered(id, constant) {
  const imports = [
    ...read(REGISTRY).matchAll(/^import \{ (\w+) \} from '\.\/([a-z]+\/[a-z0-9-]+)\.ts';\n/gm),
  ];
  const rules = imports.map(([, name, path]) => ({ id: path, constant: name }));
  rules.push({ id, constant });
  rules.sort((a, b) => (a.id < b.id ? -1 : 1));
  const lines = rules.map((rule) => `import { ${rule.constant} } from './${rule.id}.ts';\n`);
  const entries = rules.map((rule) => `  ${rule.constant},\n`);
  const text = read(REGISTRY);
  const first = imports[0].index;
  const last = imports.at(-1);
  return `${text.slice(0, first)}${lines.join('')}${text.slice(last.index + last[0].length)}`.replace(
    /(export const rules[^=]*= \[\n)[^\]]*\]/,
    (_, head) => `${head}${entries.join('')}]`,
  );
}

/** The README with a row more in the table of the family. */
function listed(id) {
  const [family] = id.split('/');
  const text = read(README);
  const start = text.indexOf(`\n## ${family}\n`) + 1;
  const next = text.indexOf('\n## ', start);
  const end = next < 0 ? text.length : next;
  const head = /^\| rule \| finds \|\n\|---\|---\|\n/m;
  const section = text.slice(start, end);
  const table = head.exec(section);
  if (!table) throw new Error(`${family} has no table in ${README}`);
  const from = start + table.index + table[0].length;
  const rows = [`| [${id}](${id}.md) | TO DO |`];
  let to = from;
  for (let row = /\|.*\n/y; ;) {
    row.lastIndex = to;
    const match = row.exec(text);
    if (!match) break;
    rows.push(match[0].trimEnd());
    to += match[0].length;
  }
  return `${text.slice(0, from)}${rows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).join('\n')}\n${text.slice(to)}`;
}

function skeleton(id, constant) {
  const fixtures = `fixtures/rules/${id}`;
  const files = {
    [`src/lib/lint/rules/${id}.ts`]: `import type { Rule } from '../../engine/rule.ts';

export const ${constant}: Rule = {
  id: '${id}',
  severity: 'warning',
  summary: 'TO DO: what it finds, in one line',
  aliases: [],
  since: '${JSON.parse(read('package.json')).version}',
  check({ model, report }) {
    for (const item of model.named('to_do')) report(item, 'TO DO: what is wrong, naming the thing');
  },
};
`,
    [`docs/rules/${id}.md`]: `# ${id}

TO DO: what goes wrong in production, and why.

\`\`\`nginx bad
# TO DO
\`\`\`

\`\`\`nginx good
# TO DO
\`\`\`

TO DO: when it is silent.
`,
  };
  for (const number of ['one', 'two', 'three']) {
    files[`${fixtures}/bad/${number}.conf`] =
      '# TO DO: a configuration; lines with a finding end in the mark\n';
    files[`${fixtures}/good/${number}.conf`] = '# TO DO: what looks like the fault, and is none\n';
  }
  return files;
}
