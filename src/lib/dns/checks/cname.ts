import { shown } from '../record.ts';
import { type Check, error, type Finding } from './check.ts';

export const cname: Check = {
  id: 'cname',
  summary: 'a CNAME is not at the apex, and has its name for itself',
  find: ({ wanted: { sets, zone }, others }) => {
    const all = new Map<string, Set<string>>();
    for (const { Name, Type } of [...sets, ...others]) all.set(Name, (all.get(Name) ?? new Set()).add(Type));
    const told = new Set<string>();
    return sets.flatMap((set): Finding[] => {
      const { Name, Type } = set;
      const types = all.get(Name)!;
      if (told.has(Name) || !types.has('CNAME')) return [];
      told.add(Name);
      if (Type === 'CNAME' && Name === zone)
        return [
          {
            ...error(
              `${shown(Name)} is the zone itself, which cannot be a CNAME`,
              'lead there by an alias (alias:NAME), or give addresses',
            ),
            set,
          },
        ];
      if (types.size === 1) return [];
      const rest = [...types].filter((type) => type !== 'CNAME');
      return [
        {
          ...error(
            `${shown(Name)} would be a CNAME and have ${rest.join(', ')} records too, and a CNAME has its name for itself`,
            'give addresses alone, or host names alone',
          ),
          set,
        },
      ];
    });
  },
};
