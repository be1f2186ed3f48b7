import { upTo } from '../names.ts';
import { type RecordSet, shown, titleOf } from '../record.ts';
import { type Check, error, type Finding, warning } from './check.ts';

export const shadow: Check = {
  id: 'shadow',
  summary: 'no record hides another one, or is hidden',
  find: ({ wanted: { sets, zone }, others }) => {
    const all = [...sets, ...others];
    const delegated = new Set(
      all.flatMap(({ Name, Type }) => (Type === 'NS' && Name !== zone ? [Name] : [])),
    );
    const byName = new Map<string, RecordSet[]>();
    for (const set of all) byName.set(set.Name, [...(byName.get(set.Name) ?? []), set]);
    const told = new Set<string>();
    return sets.flatMap((set): Finding[] => {
      const above = upTo(set.Name, zone);
      const cut = above.find((name) => delegated.has(name) && !(name === set.Name && set.Type === 'NS'));
      if (cut !== undefined)
        return [
          {
            ...error(
              `${titleOf(set)} is never asked for here: ${shown(cut)} is delegated to other name servers`,
            ),
            set,
          },
        ];
      const wild = above
        .slice(1)
        .map((name) => `\\052.${name}`)
        .find((name) => byName.has(name) && name !== set.Name);
      if (wild === undefined || told.has(set.Name)) return [];
      told.add(set.Name);
      const own = new Set(byName.get(set.Name)!.map(({ Type }) => Type));
      const lost = [...new Set(byName.get(wild)!.map(({ Type }) => Type))].filter((type) => !own.has(type));
      return lost.length === 0
        ? []
        : [
            {
              ...warning(
                `${shown(set.Name)} gets no ${lost.join(', ')} answers from ${shown(wild)} any more once it has records of its own`,
              ),
              set,
            },
          ];
    });
  },
};
