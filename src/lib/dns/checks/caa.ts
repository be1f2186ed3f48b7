import { upTo } from '../names.ts';
import { type RecordSet, shown, valuesOf } from '../record.ts';
import { type Check, error, type Finding } from './check.ts';

export const caa: Check = {
  id: 'caa',
  summary: 'CAA records let the certificate authority issue for the name',
  find: ({ wanted: { sets, zone, authorities }, others }) => {
    const names = [...new Map(sets.map((set) => [set.Name, set])).values()];
    const records = [...sets, ...others].filter(({ Type }) => Type === 'CAA');
    return names.flatMap((set): Finding[] => {
      // the nearest name that has any decides alone (RFC 8659)
      const own = upTo(set.Name, zone)
        .map((name) => records.filter(({ Name }) => Name === name))
        .find((found) => found.length > 0);
      if (!own) return [];
      const allowed = allowedBy(own, set.Name.startsWith('\\052.'));
      return authorities
        .filter((authority) => allowed !== undefined && !allowed.includes(authority))
        .map((authority) => ({
          ...error(
            `${shown(own[0]!.Name)} CAA lets ${allowed!.join(', ') || 'nobody'} issue certificates, and not ${authority}, which issues those of ${shown(set.Name)}`,
            `add a value to it: 0 issue "${authority}"`,
          ),
          set,
        }));
    });
  },
};

/** Authorities that may issue; undefined where nothing is said of it. */
function allowedBy(records: readonly RecordSet[], isWildcard: boolean): readonly string[] | undefined {
  const found = records.flatMap(valuesOf).flatMap((value) => {
    const [, tag, authority] = /^\d+ ([a-z]+) "([^";]*)/iu.exec(value) ?? [];
    return tag === undefined ? [] : [[tag.toLowerCase(), (authority ?? '').trim()] as const];
  });
  const tagged = (tag: string) => found.filter(([own]) => own === tag).map(([, authority]) => authority);
  const [issue, wild] = [tagged('issue'), tagged('issuewild')];
  if (isWildcard && wild.length > 0) return wild.filter((name) => name !== '');
  return issue.length === 0 ? undefined : issue.filter((name) => name !== '');
}
