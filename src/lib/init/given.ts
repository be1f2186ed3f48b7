import { answerFlags } from './flags.ts';
import type { Given } from './question.ts';
import { givenByPathFlags } from './questions/paths.ts';

interface Read {
  /** By long name in camel case. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** The answers that flags give, by the ids of their questions. */
export function givenByFlags({ options, lists }: Read): Given {
  const given: Record<string, string> = {};
  for (const { flags, repeats } of answerFlags) {
    const id = flags.slice(2).split(' ')[0]!;
    const name = id.replaceAll(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase());
    const value = repeats === true ? lists[name]?.join(' ') : options[name];
    if (typeof value === 'string' && id !== 'path') given[id] = value.trim();
    else if (value === true) given[id] = 'yes';
  }
  return { ...given, ...givenByPathFlags(lists['path'] ?? []) };
}
