import { attributeOf } from './kinds.ts';
import type { Json, Resource } from './model.ts';

const ACCOUNT = '111122223333';

interface Scope {
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly resources: Readonly<Record<string, Pick<Resource, 'physicalId' | 'properties'>>>;
}

const PSEUDO = new Set(
  ['Region', 'AccountId', 'Partition', 'StackName', 'StackId', 'URLSuffix', 'NoValue'].map(
    (name) => `AWS::${name}`,
  ),
);

/** All that a value refers to: names of resources, some with an attribute behind a dot. */
export function referencesIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  return entries
    .flatMap(([key, inner]) => {
      if (key === 'Ref') return [String(inner)];
      if (key === 'Fn::GetAtt') return [Array.isArray(inner) ? inner.join('.') : String(inner)];
      if (key === 'Fn::Sub') {
        const [text, more = {}] = (Array.isArray(inner) ? inner : [inner]) as [string, Record<string, Json>?];
        const names = [...text.matchAll(/\$\{([^!}][^}]*)\}/gu)].map(([, name]) => name!.trim());
        return [...names.filter((name) => !(name in more)), ...referencesIn(more)];
      }
      return referencesIn(inner);
    })
    .filter((name) => !PSEUDO.has(name));
}

/** A value with all its functions answered. */
export function resolve(value: Json | undefined, scope: Scope): Json {
  if (value === undefined) return null;
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => resolve(one, scope));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, Json>>;
  const [name = ''] = Object.keys(object);
  const argument = object[name]!;
  switch (name) {
    case 'Ref':
      return lookUp(String(argument), scope);
    case 'Fn::GetAtt':
      return lookUp(Array.isArray(argument) ? argument.join('.') : String(argument), scope);
    case 'Fn::Sub': {
      const [text, more = {}] = (Array.isArray(argument) ? argument : [argument]) as [
        string,
        Record<string, Json>?,
      ];
      return text
        .replaceAll(/\$\{([^!}][^}]*)\}/gu, (_, key: string) =>
          String(key.trim() in more ? resolve(more[key.trim()], scope) : lookUp(key.trim(), scope)),
        )
        .replaceAll('${!', '${');
    }
    case 'Fn::Join': {
      const [glue, parts] = argument as unknown as [string, Json];
      return (resolve(parts, scope) as readonly string[]).join(glue);
    }
    case 'Fn::Select': {
      const [index, list] = argument as unknown as [number | string, Json];
      return (resolve(list, scope) as readonly Json[])[Number(index)]!;
    }
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((letter) => `${scope.region}${letter}`);
    case 'Fn::Base64':
      return Buffer.from(String(resolve(argument, scope))).toString('base64');
    default:
      return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, resolve(inner, scope)]));
  }
}

function lookUp(reference: string, { region, stackName, stackId, resources }: Scope): Json {
  const pseudo: Readonly<Record<string, Json>> = {
    'AWS::Region': region,
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::StackName': stackName,
    'AWS::StackId': stackId,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NoValue': null,
  };
  if (reference in pseudo) return pseudo[reference]!;
  const [name = '', ...rest] = reference.split('.');
  const resource = resources[name];
  if (!resource) throw new Error(`nothing stands for ${reference}`);
  if (rest.length === 0) return resource.physicalId;
  const found = attributeOf(resource.physicalId, rest.join('.'), region, resource.properties);
  if (found === undefined) throw new Error(`no attribute ${reference}`);
  return found;
}
