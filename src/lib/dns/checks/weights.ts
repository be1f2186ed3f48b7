import { titleOf } from '../record.ts';
import { type Check, error, type Finding, forPolicy } from './check.ts';

/** Sets of a weighted group, and the largest weight (ResourceRecordSet, Weight). */
const [MOST, LARGEST] = [100, 255];

export const weights: Check = {
  id: 'weights',
  summary: 'weights are from 0 to 255, not all 0, and 100 at most',
  find: forPolicy('weighted', ({ title, sets }) => {
    const findings: Finding[] = sets
      .filter(({ Weight: weight }) => !Number.isInteger(weight) || weight! < 0 || weight! > LARGEST)
      .map((set) => ({
        ...error(`${titleOf(set)}: a weight is a whole number from 0 to ${LARGEST}, not ${set.Weight}`),
        set,
      }));
    if (sets.length > MOST)
      findings.push({
        ...error(`${title} has ${sets.length} weighted records, and Route 53 takes ${MOST}`),
        set: sets[MOST]!,
      });
    if (sets.every(({ Weight }) => Weight === 0))
      findings.push({
        ...error(
          `the weights of ${title} are all 0, which gives all of them equal shares`,
          'if that is meant, write 1 for each',
        ),
        set: sets[0],
      });
    return findings;
  }),
};
