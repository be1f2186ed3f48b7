import { type Check, groupsOf, warning } from './check.ts';

/** Seconds that Route 53 advises at most where health checks decide. */
const LONGEST = 60;

export const slowFailover: Check = {
  id: 'slow-failover',
  summary: 'where health checks decide, answers are not kept for long',
  find: (subject) =>
    groupsOf(subject).flatMap(({ title, sets }) => {
      const slow = sets.find(({ TTL, HealthCheckId }) => HealthCheckId !== undefined && (TTL ?? 0) > LONGEST);
      if (!slow) return [];
      return [
        {
          ...warning(
            `${title} has health checks and a TTL of ${slow.TTL} s: resolvers give out a dead address for so long`,
            `write a TTL of ${LONGEST} or less`,
          ),
          set: slow,
        },
      ];
    }),
};
