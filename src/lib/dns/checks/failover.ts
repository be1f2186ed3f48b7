import { titleOf } from '../record.ts';
import { type Check, error, type Finding, forPolicy } from './check.ts';

export const failover: Check = {
  id: 'failover',
  summary: 'fail-over has one primary and one secondary, and aliases look at what they lead to',
  find: forPolicy('failover', ({ title, sets }) => {
    const findings: Finding[] = [];
    for (const role of ['PRIMARY', 'SECONDARY']) {
      const those = sets.filter(({ Failover }) => Failover === role);
      const word = role.toLowerCase();
      if (those.length === 0)
        findings.push({ ...error(`${title} has no ${word}`, `add one: ${word}=ADDRESS`), set: sets[0] });
      if (those.length > 1)
        findings.push({
          ...error(`${title} has ${those.length} records that are the ${word}`),
          set: those[1]!,
        });
    }
    for (const set of sets) {
      if (set.Failover !== 'PRIMARY' && set.Failover !== 'SECONDARY')
        findings.push({
          ...error(`${titleOf(set)} is neither PRIMARY nor SECONDARY, but ${set.Failover}`),
          set,
        });
      if (set.AliasTarget && !set.AliasTarget.EvaluateTargetHealth)
        findings.push({
          ...error(
            `${titleOf(set)} is an alias that does not look at the health of what it leads to: it never fails over`,
            'set EvaluateTargetHealth to true',
          ),
          set,
        });
    }
    return findings;
  }),
};
