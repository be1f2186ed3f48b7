import { type Check, error, forPolicy } from './check.ts';

export const groupTtl: Check = {
  id: 'group-ttl',
  summary: 'all records of a weighted group have one TTL',
  find: forPolicy('weighted', ({ title, sets }) => {
    const given = sets.filter(({ TTL }) => TTL !== undefined);
    const ttls = [...new Set(given.map(({ TTL }) => TTL))];
    if (ttls.length < 2) return [];
    return [
      {
        ...error(
          `${title} has the TTLs ${ttls.join(' and ')}: Route 53 gives all of a weighted group that of the last one`,
          'write one TTL for the name',
        ),
        set: given.find(({ TTL }) => TTL !== ttls[0])!,
      },
    ];
  }),
};
