import { policiesOf, shown, titleOf } from '../record.ts';
import { type Check, error, groupsOf, repeated } from './check.ts';

/** Characters of a SetIdentifier (ResourceRecordSet). */
const LONGEST = 128;

export const identifiers: Check = {
  id: 'identifiers',
  summary: 'every set of a policy has an identifier, and no two of a group the same',
  find: (subject) =>
    groupsOf(subject).flatMap(({ title, sets }) => [
      ...sets.flatMap((set) => {
        const { SetIdentifier: id } = set;
        const isSimple = policiesOf(set)[0] === 'simple';
        if (id === undefined && !isSimple)
          return [{ ...error(`${title} has a ${policiesOf(set)[0]} record without an identifier`), set }];
        if (id !== undefined && isSimple)
          return [
            {
              ...error(`${titleOf(set)} has an identifier, and no routing policy that it would be for`),
              set,
            },
          ];
        if (id !== undefined && (id.length === 0 || id.length > LONGEST))
          return [
            {
              ...error(`${shown(set.Name)}: an identifier has 1 to ${LONGEST} characters, not ${id.length}`),
              set,
            },
          ];
        return [];
      }),
      ...repeated(sets, ({ SetIdentifier }) => SetIdentifier).map(([id, set]) => ({
        ...error(`${title} has two records with the identifier ${id}`),
        set,
      })),
    ]),
};
