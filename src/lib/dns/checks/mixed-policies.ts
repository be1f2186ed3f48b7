import { policiesOf } from '../record.ts';
import { type Check, error, groupsOf } from './check.ts';

export const mixedPolicies: Check = {
  id: 'mixed-policies',
  summary: 'a name and type has one routing policy, and simple ones stand alone',
  find: (subject) =>
    groupsOf(subject).flatMap(({ title, sets }) => {
      const all = new Set(sets.flatMap(policiesOf));
      const hint = 'give one of them a name of its own, and lead there by alias:NAME';
      if (all.size > 1)
        return [
          { ...error(`${title} mixes routing policies: ${[...all].join(' and ')}`, hint), set: sets[0] },
        ];
      if (all.has('simple') && sets.length > 1)
        return [
          {
            ...error(
              `${title} comes ${sets.length} times without a routing policy`,
              'put all values into one record',
            ),
            set: sets[1]!,
          },
        ];
      return [];
    }),
};
