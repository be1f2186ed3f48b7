import type { Resource, Value } from './resource.ts';
import type { Template } from './template.ts';

/** Most bytes of a template that a call can hold; a larger one has to come from S3. */
export const INLINE_BYTES = 51_200;

/** The template as JSON, without what only people read. */
export function templateJson(template: Template): string {
  return JSON.stringify(documentOf(template));
}

/**
 * The beginning of a stack whose template is too large for a call: its bucket, by which the rest of it comes. What stands in it is the
 * same in the whole template, so that nothing of it changes then.
 */
export function seedJson({ description, resources, outputs }: Template): string {
  return templateJson({
    description,
    resources: resources.filter(({ type }) => type.startsWith('AWS::S3::')),
    outputs: outputs.filter(({ name }) => name === 'Releases'),
  });
}

/** Whether a call can hold it. */
export function isInline(template: string): boolean {
  return Buffer.byteLength(template) <= INLINE_BYTES;
}

function documentOf({ description, resources, outputs }: Template) {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    Resources: Object.fromEntries(resources.map((resource) => [resource.id, bodyOf(resource)])),
    Outputs: Object.fromEntries(
      outputs.map(({ name, description: about, value }) => [name, { Description: about, Value: value }]),
    ),
  };
}

function bodyOf({ type, after, attributes, properties }: Resource): Value {
  return {
    Type: type,
    ...(after.length === 0 ? {} : { DependsOn: after.map(({ id }) => id) }),
    ...attributes,
    ...(Object.keys(properties).length === 0 ? {} : { Properties: properties }),
  };
}

/** The template as YAML, in CloudFormation's short forms and with comments. */
export function templateYaml(template: Template): string {
  const { Resources: _, Outputs, ...head } = documentOf(template);
  const lines = [
    '# Written by lbctl from lb.yaml; nothing in it needs lbctl.',
    ...mapping(head, ''),
    '',
    'Resources:',
    ...template.resources.flatMap((resource, index) => [
      ...(index === 0 ? [] : ['']),
      ...(resource.comment === undefined ? [] : [`  # ${resource.comment}`]),
      `  ${resource.id}:`,
      ...mapping(bodyOf(resource), '    '),
    ]),
    '',
    'Outputs:',
    ...mapping(Outputs, '  '),
  ];
  return `${lines.join('\n')}\n`;
}

/** Stands where a short form has said it all. */
const NOTHING = '\0';

type Mapping = { readonly [key: string]: Value };

function mapping(value: Value | Mapping, indent: string): string[] {
  return Object.entries(value as Mapping).flatMap(([key, inner]) =>
    inner === undefined ? [] : entry(`${indent}${scalar(key)}:`, inner, indent),
  );
}

/** A value behind a key or a dash, on its line where it fits there, else below. */
function entry(head: string, value: Value, indent: string): string[] {
  const short = shortForm(value);
  if (short !== undefined) return textOf(head, short.tag, short.value, indent);
  if (Array.isArray(value))
    return value.length === 0
      ? [`${head} []`]
      : [head, ...value.flatMap((item) => listItem(item, `${indent}  `))];
  if (typeof value === 'object')
    return Object.keys(value).length === 0
      ? [`${head} {}`]
      : [head, ...mapping(value as Mapping, `${indent}  `)];
  return textOf(head, '', value, indent);
}

function listItem(item: Value, indent: string): string[] {
  if (typeof item !== 'object' || Array.isArray(item) || shortForm(item))
    return entry(`${indent}-`, item, indent);
  const [first = '', ...rest] = mapping(item as Mapping, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

/** `!Ref`, `!GetAtt` and the like, where a value is one that has such a form. */
function shortForm(value: Value): { readonly tag: string; readonly value: Value } | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const [[key, inner] = [], ...more] = Object.entries(value as Mapping);
  if (key === undefined || more.length > 0) return undefined;
  if (key === 'Ref') return { tag: '!Ref ', value: inner };
  if (key === 'Fn::GetAtt') return { tag: '!GetAtt ', value: (inner as readonly string[]).join('.') };
  if (key === 'Fn::Select') {
    const [index, list] = inner as readonly [number, Mapping];
    return { tag: `!Select [${index}, !GetAZs ${JSON.stringify(list['Fn::GetAZs'])}]`, value: NOTHING };
  }
  if (key === 'Fn::Sub') return { tag: '!Sub ', value: inner };
  return undefined;
}

function textOf(head: string, tag: string, value: Value, indent: string): string[] {
  if (value === NOTHING) return [`${head} ${tag}`];
  if (typeof value !== 'string' || !value.includes('\n')) return [`${head} ${tag}${scalar(value)}`];
  const end = value.endsWith('\n') ? '' : '-';
  const lines = value.replace(/\n$/u, '').split('\n');
  return [`${head} ${tag}|${end}`, ...lines.map((line) => (line === '' ? '' : `${indent}  ${line}`))];
}

/** A word of YAML: bare where it cannot be taken for anything else. */
function scalar(value: Value): string {
  if (typeof value !== 'string') return String(value);
  const bare =
    /^(?:[A-Za-z/]|\d+\.\d+\.)[\w./:@+=-]*(?: [\w./:@+=()-]+)*$/u.test(value) && !/: |:$| #/u.test(value);
  return bare && !/^(?:true|false|yes|no|on|off|null|y|n)$/iu.test(value) ? value : JSON.stringify(value);
}
