import { AwsError } from '../errors.ts';
import { KINDS } from './kinds.ts';
import type { Definition, Template } from './model.ts';
import { referencesIn } from './resolve.ts';

/** Bytes of a template that comes in the call itself (CloudFormation quotas). */
const INLINE = 51_200;
const IN_S3 = 1_048_576;
const MOST_RESOURCES = 500;
const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
]);

export const invalid = (message: string): AwsError => new AwsError(400, 'ValidationError', message);

/** Reads a template as CloudFormation does before it makes a change set. */
export function readTemplate(text: string, fromS3: boolean): Template {
  const limit = fromS3 ? IN_S3 : INLINE;
  if (Buffer.byteLength(text) > limit)
    throw invalid(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${limit}`,
    );
  const template = parse(text);
  const unknown = Object.keys(template).filter((key) => !SECTIONS.has(key));
  if (unknown.length > 0) throw invalid(`Invalid template property or properties [${unknown.join(', ')}]`);
  const { Resources: resources, Outputs: outputs = {} } = template;
  if (!resources || Object.keys(resources).length === 0)
    throw invalid('Template format error: At least one Resources member must be defined.');
  if (Object.keys(resources).length > MOST_RESOURCES)
    throw invalid(
      `Template format error: Number of resources, ${Object.keys(resources).length}, is greater than maximum allowed, ${MOST_RESOURCES}`,
    );
  const types = Object.values(resources)
    .map(({ Type }) => Type)
    .filter((type) => !(type in KINDS));
  if (types.length > 0)
    throw invalid(`Template format error: Unrecognized resource types: [${[...new Set(types)].join(', ')}]`);
  for (const [name, definition] of Object.entries(resources)) checkResource(name, definition);
  const dangling = (where: string, references: readonly string[]): void => {
    const lost = [
      ...new Set(references.map((one) => one.split('.')[0]!).filter((one) => !(one in resources))),
    ];
    if (lost.length > 0)
      throw invalid(
        `Template format error: Unresolved resource dependencies [${lost.join(', ')}] in the ${where} block of the template`,
      );
  };
  dangling('Resources', Object.values(resources).flatMap(dependenciesOf));
  dangling(
    'Outputs',
    Object.values(outputs).flatMap(({ Value }) => referencesIn(Value)),
  );
  return template;
}

function parse(text: string): Template {
  try {
    const value = JSON.parse(text) as Template;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // told below
  }
  throw invalid('Template format error: unsupported structure.');
}

function checkResource(name: string, { Type, Properties = {} }: Definition): void {
  if (!/^[A-Za-z0-9]+$/u.test(name))
    throw invalid(`Template format error: Resource name ${name} is non alphanumeric.`);
  const lacking = KINDS[Type]!.required.filter((key) => !(key in Properties));
  if (lacking.length > 0)
    throw invalid(
      `Properties validation failed for resource ${name} with message: #: required key [${lacking[0]}] not found`,
    );
}

/** Resources that have to be there before another. */
export function dependenciesOf({ Properties, DependsOn = [] }: Definition): string[] {
  return [...[DependsOn].flat(), ...referencesIn(Properties)].map((one) => one.split('.')[0]!);
}

/** Resources of which one waits for the other without end. */
export function refuseCircles({ Resources: resources }: Template): void {
  const left = new Map(Object.entries(resources).map(([name, one]) => [name, dependenciesOf(one)]));
  for (let found = true; found;) {
    found = false;
    for (const [name, needs] of left)
      if (!needs.some((one) => left.has(one))) {
        left.delete(name);
        found = true;
      }
  }
  if (left.size > 0) throw invalid(`Circular dependency between resources: [${[...left.keys()].join(', ')}]`);
}

/** Whoever makes roles has to say that they know it. */
export function refuseWithoutCapabilities(
  { Resources: resources }: Template,
  given: readonly string[],
): void {
  const roles = Object.values(resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
  if (roles.length === 0) return;
  const isNamed = roles.some(
    ({ Properties = {} }) => 'RoleName' in Properties || 'InstanceProfileName' in Properties,
  );
  const wanted = isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  if (given.includes('CAPABILITY_NAMED_IAM') || given.includes(wanted)) return;
  throw new AwsError(400, 'InsufficientCapabilitiesException', `Requires capabilities : [${wanted}]`);
}

/** What a template tells of its stack. */
export const outputsIn = (text: string) => (JSON.parse(text) as Template).Outputs ?? {};
