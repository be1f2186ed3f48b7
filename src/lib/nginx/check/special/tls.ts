import { variablesIn } from '../script.ts';
import type { Check } from '../visit.ts';

/** `ssl_certificate` and its key: as often as there are kinds of keys; counted when all is known. */
export const certificate: Check = (visit) => {
  const { level, words, directive, site } = visit;
  variablesIn(visit, words[1]!);
  level.add(directive.name, site);
  level.count(directive.name);
};
