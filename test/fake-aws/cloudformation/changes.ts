import { KINDS } from './kinds.ts';
import type { Change, Definition, Json, Stack, Template } from './model.ts';
import { referencesIn } from './resolve.ts';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const shown = (value: Json | undefined): string | undefined =>
  value === undefined ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** What a template would change in a stack, as a change set tells it. */
export function changesOf(
  stack: Pick<Stack, 'resources' | 'tags'>,
  { Resources: wanted }: Template,
  tags: Readonly<Record<string, string>>,
): Change[] {
  const retagged = !same(stack.tags, tags);
  const replaced = new Set<string>();
  const modified = new Map<string, Change>();
  // what is made anew has another ID, which changes those that refer to it
  for (let count = -1; count !== replaced.size;) {
    count = replaced.size;
    for (const [name, now] of Object.entries(wanted)) {
      const change = modification(stack, name, now, replaced, retagged);
      if (!change) continue;
      modified.set(name, change);
      if (change.replacement === 'True') replaced.add(name);
    }
  }
  return [
    ...Object.entries(wanted).flatMap(([logicalId, { Type: type }]): Change[] => {
      if (!stack.resources[logicalId])
        return [
          { action: 'Add', logicalId, physicalId: undefined, type, replacement: undefined, details: [] },
        ];
      return [modified.get(logicalId) ?? []].flat();
    }),
    ...Object.values(stack.resources)
      .filter(({ logicalId }) => !(logicalId in wanted))
      .map(({ logicalId, physicalId, type }): Change => ({
        action: 'Remove',
        logicalId,
        physicalId,
        type,
        replacement: undefined,
        details: [],
      })),
  ];
}

function modification(
  { resources }: Pick<Stack, 'resources'>,
  logicalId: string,
  now: Definition,
  replaced: ReadonlySet<string>,
  retagged: boolean,
): Change | undefined {
  const there = resources[logicalId];
  if (!there) return undefined;
  const { replaces } = KINDS[now.Type]!;
  const [before, after] = [there.definition.Properties ?? {}, now.Properties ?? {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const details = names.flatMap((name): Change['details'] => {
    const causing = referencesIn(after[name]).find((one) => replaced.has(one.split('.')[0]!));
    const changed = !same(before[name], after[name]);
    if (!changed && causing === undefined) return [];
    return [
      {
        attribute: 'Properties',
        name,
        recreation: replaces.includes(name) ? 'Always' : 'Never',
        evaluation: changed ? 'Static' : 'Dynamic',
        source: changed ? 'DirectModification' : 'ResourceReference',
        causing: changed ? undefined : causing,
        before: shown(before[name]),
        after: shown(after[name]),
      },
    ];
  });
  const tagged: Change['details'] =
    retagged && !now.Type.startsWith('AWS::AutoScaling::Sc')
      ? [
          {
            attribute: 'Tags',
            name: undefined,
            recreation: 'Never',
            evaluation: 'Static',
            source: 'DirectModification',
            causing: undefined,
            before: undefined,
            after: undefined,
          },
        ]
      : [];
  const all = [...details, ...tagged];
  if (all.length === 0 && there.type === now.Type) return undefined;
  const anew =
    there.type !== now.Type ||
    details.some((one) => one.recreation === 'Always' && one.evaluation === 'Static');
  const perhaps = details.some((one) => one.recreation === 'Always');
  return {
    action: 'Modify',
    logicalId,
    physicalId: there.physicalId,
    type: now.Type,
    replacement: anew ? 'True' : perhaps ? 'Conditional' : 'False',
    details: all,
  };
}
