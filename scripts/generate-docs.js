// Writes what the documents share with definitions of the program: docs/lb-yaml.md from the shapes of lb.yaml, and the
// examples of the pages of commands from their registry; and in package.json which manual pages there are.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleOf } from './module.js';
import { root } from './system.js';

const { commands, reference } = await moduleOf('commands/registry.ts', 'lib/balancer/reference.ts');
writePart('docs/lb-yaml.md', /^## The file\n.*$/msu, lbYaml());
for (const command of commands)
  writePart(`docs/commands/${command.name}.md`, /^```sh examples\n.*?^```$/msu, examplesOf(command));
writePart('package.json', /^  "man": \[[^\]]*\]/mu, `  "man": [\n${manualPages().join(',\n')}\n  ]`);

/** npm links those that are named, and no others. */
function manualPages() {
  const pages = ['lbctl.1', ...commands.map(({ name }) => `lbctl-${name}.1`), 'lb.yaml.5'];
  return pages.map((name) => `    "man/${name}"`);
}

/** Puts a text where another one of its kind stands. */
function writePart(page, place, text) {
  const path = join(root, page);
  const before = readFileSync(path, 'utf8');
  if (!place.test(before)) throw new Error(`${page} has no place for ${place}`);
  writeFileSync(
    path,
    before.replace(place, () => text),
  );
}

/** Examples as a person types them, with what they do beside them; those of inner commands behind. */
function examplesOf({ examples, commands: inner = [] }) {
  const all = [...examples, ...inner.flatMap((command) => command.examples)];
  const blocks = new Set(all.filter(isFirst).map(([line, does]) => `# ${does}\n${line}`));
  return `\`\`\`sh examples\n${[...blocks].join('\n')}\n\`\`\``;
}

/** Some stand with the group and with the command. */
function isFirst([line], index, all) {
  return all.findIndex(([other]) => other === line) === index;
}

function lbYaml() {
  const sections = reference().map(({ path, description, same, keys }) => {
    const head = path === '' ? '## The file' : `## ${path}`;
    if (same !== undefined) return `${head}\n\nThe same keys as \`${same}\`.\n`;
    return [
      head,
      '',
      ...(description === '' ? [] : [description, '']),
      '| key | value | default | meaning |',
      '|---|---|---|---|',
      ...keys.map(rowOf),
      '',
    ].join('\n');
  });
  return `${sections.join('\n').trimEnd()}\n`;
}

function rowOf({ key, required, value, default: byDefault, meaning }) {
  const name = `\`${key}\`${required ? ' (required)' : ''}`;
  return `| ${name} | ${value} | ${byDefault === '' ? '' : `\`${byDefault}\``} | ${meaning} |`;
}
