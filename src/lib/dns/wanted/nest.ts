import { addressType } from '../record.ts';
import type { AnswerWish, NameWish, Wish } from './wanted.ts';

/** Policies whose records have one value each. */
const ONE = new Set<NameWish['policy']>(['latency', 'weighted']);

/**
 * Gives answers that have several addresses a name of their own, as a Region with several instances: the policy leads to
 * `eu-west-1.shop.example.com`, which gives out all that live there.
 */
export function nested(wish: Wish): Wish {
  const inner: NameWish[] = [];
  const names = wish.names.map((name) => {
    if (!ONE.has(name.policy) || name.name.startsWith('*')) return name;
    const answers = name.answers.map((answer): AnswerWish => {
      const to = answer.to.flatMap((text) => wish.regions[text] ?? [text]);
      const isMany = (['A', 'AAAA'] as const).some(
        (type) => to.filter((text) => addressType(text) === type).length > 1,
      );
      if (!isMany || to.some((text) => addressType(text) === undefined)) return answer;
      const own = `${answer.key.toLowerCase().replaceAll(/[^a-z0-9-]/gu, '-')}.${name.name}`;
      const { ttl, health } = name;
      inner.push({
        name: own,
        policy: 'multivalue',
        ttl,
        health: answer.health || health,
        answers: [{ key: '', to, at: answer.at }],
        at: answer.at,
      });
      return { ...answer, to: [`alias:${own}`] };
    });
    return { ...name, answers };
  });
  return { ...wish, names: [...names, ...inner] };
}
