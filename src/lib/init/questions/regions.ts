import type { AnyShape } from '../../balancer/shape/shape.ts';
import type { Choice, Facts, Given } from '../question.ts';
import { listComplaint, wordsOf } from '../words.ts';

export const regionsOf = ({ region }: Given): readonly string[] => wordsOf(region);

/** Things of which each Region takes its own, as ARNs: what is wrong with a list of them. */
export function oneEach(
  shape: AnyShape,
  text: string,
  regions: readonly string[],
  what: string,
): string | undefined {
  const wrong = listComplaint(shape, text, `name one ${what} at least`);
  if (wrong !== undefined) return wrong;
  const arns = wordsOf(text);
  const bare = regions.find((region) => !arns.some((arn) => regionIn(arn) === region));
  if (bare !== undefined) return `there is no ${what} of ${bare}, and each Region takes its own`;
  const odd = arns.find((arn) => !regions.includes(regionIn(arn)));
  return odd === undefined ? undefined : `it does not run in ${regionIn(odd)}, where ${odd} is`;
}

/**
 * Topics by their names, as far as there is one in each Region.
 * @param regions none for each topic by itself.
 */
export function topicsOf(topics: readonly string[], regions: readonly string[]): readonly Choice[] {
  const name = (arn: string): string => arn.split(':').at(-1)!;
  return inEach(topics, regions, name).map(([value, arn]) => ({ value, shown: name(arn), label: '' }));
}

/** Certificates by the hosts that they are for, as far as there is one in each Region; those for all hosts first. */
export function certificatesOf(
  certificates: Facts['certificates'],
  regions: readonly string[],
  hosts: readonly string[],
): readonly (Choice & { readonly fits: boolean })[] {
  const byArn = new Map(certificates.map((one) => [one.arn, one]));
  const choices = inEach(
    certificates.map(({ arn }) => arn),
    regions,
    (arn) => byArn.get(arn)!.names.toSorted().join(' '),
  ).map(([value, arn]) => {
    const { names, ends } = byArn.get(arn)!;
    const [first = '', second] = names;
    const more =
      names.length > 2 ? ` and ${names.length - 1} more` : second === undefined ? '' : `, ${second}`;
    const label = ends === undefined ? '' : `until ${ends}`;
    return { value, shown: `${first}${more}`, label, fits: hosts.every((host) => covers(names, host)) };
  });
  return choices.toSorted((a, b) => Number(b.fits) - Number(a.fits));
}

/** Whether a certificate is for a host: a * stands for one word, that of the host for itself. */
function covers(names: readonly string[], host: string): boolean {
  const asked = host.toLowerCase();
  const wild = asked.replace(/^[^.]+/u, '*');
  return names.some((name) => name.toLowerCase() === asked || name.toLowerCase() === wild);
}

/** ARNs that are alike, one of each Region, with spaces between; and the first of them. */
function inEach(
  arns: readonly string[],
  regions: readonly string[],
  likeness: (arn: string) => string,
): readonly (readonly [value: string, first: string])[] {
  const [home] = regions;
  if (home === undefined) return arns.map((arn) => [arn, arn]);
  return arns
    .filter((arn) => regionIn(arn) === home)
    .flatMap((first) => {
      const others = regions
        .slice(1)
        .map((region) => arns.find((arn) => regionIn(arn) === region && likeness(arn) === likeness(first)));
      return others.includes(undefined) ? [] : [[[first, ...others].join(' '), first] as const];
    });
}

function regionIn(arn: string): string {
  return arn.split(':')[3] ?? '';
}
