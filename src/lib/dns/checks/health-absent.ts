import { type RecordSet, titleOf } from '../record.ts';
import { type Check, error, type Finding, groupsOf, warning } from './check.ts';

export const healthAbsent: Check = {
  id: 'health-absent',
  summary: 'where a policy relies on health, there are health checks',
  find: (subject) =>
    groupsOf(subject).flatMap(({ title, policy, sets }): Finding[] => {
      if (policy === 'simple') return [];
      const primary = sets.find((set) => set.Failover === 'PRIMARY' && !isChecked(set));
      const hint = 'add one: health: true in lb.yaml, or --health https:443/healthz';
      if (primary)
        return [
          {
            ...error(`${titleOf(primary)} has no health check: it would never fail over`, hint),
            set: primary,
          },
        ];
      if (policy === 'failover') return [];
      // an alias goes by what it leads to
      const own = sets.filter(({ AliasTarget }) => AliasTarget === undefined);
      const bare = own.filter(({ HealthCheckId }) => HealthCheckId === undefined);
      if (bare.length > 0 && bare.length === own.length && policy === 'multivalue')
        return [
          {
            ...warning(`${title} has no health checks: dead addresses are given out with the others`, hint),
            set: sets[0],
          },
        ];
      if (bare.length === 0 || bare.length === own.length) return [];
      return [
        {
          ...warning(
            `${title}: ${bare.map(({ SetIdentifier }) => SetIdentifier).join(', ')} ${bare.length === 1 ? 'has' : 'have'} no health check and the others do: what has none always counts as alive`,
            hint,
          ),
          set: bare[0]!,
        },
      ];
    }),
};

function isChecked({ HealthCheckId, AliasTarget }: RecordSet): boolean {
  return HealthCheckId !== undefined || AliasTarget?.EvaluateTargetHealth === true;
}
