// Writes docs/lb-yaml.md from the JSON Schema of lb.yaml, so that the reference and the checks are one.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './system.js';

/** Notation of the short forms and of single values. */
function typeOf(schema) {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
  if (schema.type === 'object') return 'mapping';
  return { string: 'text', integer: 'number', number: 'number', boolean: '`true` or `false`' }[schema.type];
}

/** The mapping that a value is, or may be. */
function mappingOf(schema) {
  if (schema.type === 'object') return schema;
  if (schema.type === 'array') return mappingOf(schema.items);
  // a list may be the short form of a mapping
  const forms = schema.anyOf?.toSorted((a, b) => Number(a.type === 'array') - Number(b.type === 'array'));
  return forms?.map(mappingOf).find(Boolean);
}

function rows(properties, required = []) {
  return Object.entries(properties).map(([key, schema]) => {
    const byDefault =
      schema.default === undefined || typeof schema.default === 'object' ? '' : `\`${schema.default}\``;
    return `| \`${key}\`${required.includes(key) ? ' (required)' : ''} | ${typeOf(schema)} | ${byDefault} | ${schema.description ?? ''} |`;
  });
}

/** Title of the section of every mapping that has one. */
const written = new Map();

/** One section a mapping with keys of its own, in the order in which they are met. */
function sections(title, schema) {
  const mapping = mappingOf(schema);
  if (!mapping) return [];
  const free = mapping.additionalProperties;
  if (free && typeof free === 'object') return sections(`${title}.NAME`, free);
  if (!mapping.properties) return [];
  const shape = JSON.stringify(mapping.properties);
  if (written.has(shape)) return [`## ${title}`, '', `The same keys as \`${written.get(shape)}\`.`, ''];
  written.set(shape, title);
  const table = [
    '| key | value | default | meaning |',
    '|---|---|---|---|',
    ...rows(mapping.properties, mapping.required),
  ];
  const inner = Object.entries(mapping.properties).flatMap(([key, value]) =>
    sections(`${title === '' ? '' : `${title}.`}${key}`, value),
  );
  return [
    `## ${title === '' ? 'The file' : title}`,
    '',
    ...(schema.description && title !== '' ? [schema.description, ''] : []),
    ...table,
    '',
    ...inner,
  ];
}

const schema = JSON.parse(
  execFileSync(process.execPath, [join(root, 'bin/lbctl.js'), 'schema'], { encoding: 'utf8' }),
);
const text = [
  '# lb.yaml, key by key',
  '',
  'Written from the definition that lbctl checks files with. Where a value may be a text, number or list *or* a mapping,',
  'the first is the short form of the second.',
  '',
  'In texts marked as holding NGINX variables, `$name` and `${name}` stand for a variable and `$$` for a dollar sign; a',
  'variable that the target does not have is refused. Everywhere else a dollar sign is a dollar sign. Times are written as',
  '`500ms`, `30s`, `5m` or `1h30m`, sizes as `512k` or `10m`.',
  '',
  ...sections('', schema),
].join('\n');
writeFileSync(join(root, 'docs/lb-yaml.md'), `${text.trimEnd()}\n`);
